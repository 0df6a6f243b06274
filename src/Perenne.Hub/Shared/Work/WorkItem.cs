using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Shared.Work;

/// <summary>
/// A piece of background work that survives the process. Done means deleted. Times are microseconds since 1970 UTC, so that the claiming
/// statement is the same text on both databases.
/// </summary>
internal sealed class WorkItem : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>Chooses the <see cref="IWorkHandler"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about: an image, a project. Asking twice for the same is one item.</summary>
    public required Guid SubjectId { get; init; }

    public required long DueAt { get; set; }

    /// <summary>Until then it belongs to who claimed it; 0 when free.</summary>
    public long LeasedUntil { get; set; }

    /// <summary>The claim. Whoever finishes with an older one has lost it and changes nothing.</summary>
    public Guid LeaseId { get; set; }

    public int Attempts { get; set; }

    public string? LastError { get; set; }

    /// <summary>Given up after <see cref="WorkQueue.MaxAttempts"/>; kept to be seen.</summary>
    public bool Failed { get; set; }
}

internal sealed class WorkItemConfiguration : IEntityTypeConfiguration<WorkItem>
{
    public void Configure(EntityTypeBuilder<WorkItem> builder)
    {
        builder.ToTable("work_items");
        builder.Property(w => w.Kind).HasMaxLength(32);
        builder.Property(w => w.LastError).HasMaxLength(2000);
        builder.HasIndex(w => new { w.Kind, w.SubjectId }).IsUnique();
        builder.HasIndex(w => new { w.Failed, w.DueAt });
    }
}
