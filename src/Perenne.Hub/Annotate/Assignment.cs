using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

internal enum AssignmentState
{
    Free,
    Leased,
    Submitted,
    Skipped,

    /// <summary>Rejected by a reviewer: goes to its author first.</summary>
    Returned,
}

internal enum SkipReason
{
    Blurred,
    Obstructed,
    ObjectNotVisible,
    WrongObject,
    NotSure,
    Other,
}

/// <summary>
/// One slot of a task. As slots are rows, overlap is exact: a pull takes a free slot or nothing. <see cref="Fence"/> grows with every
/// lease, and every write names it, so a lease that passed to somebody else can no longer submit.
/// </summary>
internal sealed class Assignment : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid CampaignId { get; init; }

    public required Guid TaskId { get; init; }

    public required int Slot { get; init; }

    public AssignmentState State { get; set; }

    public required long QueueKey { get; set; }

    public Guid? PersonId { get; set; }

    /// <summary>Only this person may take it (reassigned by a manager, or a gold task).</summary>
    public Guid? ReservedFor { get; set; }

    public long Fence { get; set; }

    public DateTimeOffset? LeasedAt { get; set; }

    public DateTimeOffset? LeaseExpiresAt { get; set; }

    public long ActiveMilliseconds { get; set; }

    /// <summary>Of <see cref="ActiveMilliseconds"/>, what the counters have: work that comes back is not counted twice.</summary>
    public long CountedMilliseconds { get; set; }

    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>Null until a reviewer decided on what is submitted now.</summary>
    public ReviewVerdict? ReviewVerdict { get; set; }

    /// <summary>Who looks at it at the moment, so that two reviewers do not do the same work.</summary>
    public Guid? ReviewerId { get; set; }

    public DateTimeOffset? ReviewUntil { get; set; }

    public SkipReason? SkipReason { get; set; }

    public string? SkipText { get; set; }

    public AnnotationTask? Task { get; init; }
}

internal sealed class AssignmentConfiguration : IEntityTypeConfiguration<Assignment>
{
    public void Configure(EntityTypeBuilder<Assignment> builder)
    {
        builder.ToTable("assignments");
        builder.Property(a => a.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(a => a.SkipReason).HasConversion<string>().HasMaxLength(24);
        builder.Property(a => a.ReviewVerdict).HasConversion<string>().HasMaxLength(16);
        builder.Property(a => a.SkipText).HasMaxLength(500);
        builder.Property(a => a.Fence).IsConcurrencyToken();
        // Handing in and skipping leave the fence: of the two at once, from two tabs, one holds.
        builder.Property(a => a.State).IsConcurrencyToken();
        builder.HasOne(a => a.Task).WithMany().HasForeignKey(a => a.TaskId);
        builder.HasIndex(a => new { a.TaskId, a.Slot }).IsUnique();

        // A person is on a task once, and holds one lease per campaign: a double click cannot take two.
        builder.HasIndex(a => new { a.TaskId, a.PersonId }).IsUnique().HasFilter("person_id IS NOT NULL");
        builder.HasIndex(a => new { a.CampaignId, a.PersonId }).IsUnique().HasFilter("state = 'Leased'").HasDatabaseName("ix_assignments_one_lease");

        // With the queue's order, or SQLite reads all free slots along the queue's own index to find the few reserved ones in order.
        builder.HasIndex(a => new { a.CampaignId, a.ReservedFor, a.State, a.QueueKey }).HasFilter("reserved_for IS NOT NULL");

        // The queue: one index scan whatever its length.
        builder.HasIndex(a => new { a.CampaignId, a.State, a.QueueKey });
        builder.HasIndex(a => new { a.PersonId, a.CampaignId, a.State });
        builder.HasIndex(a => a.LeaseExpiresAt).HasFilter("state = 'Leased'");
    }
}
