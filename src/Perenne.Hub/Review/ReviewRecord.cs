using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Review;

internal enum ReviewVerdict
{
    Accepted,

    /// <summary>Corrected by the reviewer, then accepted; the author stays the author.</summary>
    Fixed,

    /// <summary>Back to its author, with comments.</summary>
    Rejected,
}

/// <summary>A comment pinned on the image; the canvas's own form (web/annotator/src/contract.ts).</summary>
/// <param name="At">[x, y], image pixels.</param>
internal sealed record PinnedComment(string Id, IReadOnlyList<double> At, string Text, string? Author = null, string? ShapeId = null, bool? Resolved = null);

/// <summary>What a reviewer decided on one submitted answer; append-only.</summary>
internal sealed class ReviewRecord : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid CampaignId { get; init; }

    public required Guid AssignmentId { get; init; }

    public required Guid AnnotationId { get; init; }

    public required Guid ReviewerId { get; init; }

    /// <summary>The client's id of this decision: its retry changes nothing.</summary>
    public required string DecisionId { get; init; }

    public required ReviewVerdict Verdict { get; init; }

    /// <summary>The revision that was submitted.</summary>
    public required int Reviewed { get; init; }

    /// <summary>The revision that stands after the decision.</summary>
    public required int Made { get; init; }

    public required IReadOnlyList<PinnedComment> Comments { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class ReviewRecordConfiguration : IEntityTypeConfiguration<ReviewRecord>
{
    public void Configure(EntityTypeBuilder<ReviewRecord> builder)
    {
        builder.ToTable("reviews");
        builder.Property(r => r.DecisionId).HasMaxLength(64);
        builder.Property(r => r.Verdict).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Comments).HasJson();
        builder.HasOne<Assignment>().WithMany().HasForeignKey(r => r.AssignmentId);
        builder.HasIndex(r => new { r.AssignmentId, r.DecisionId }).IsUnique();
        builder.HasIndex(r => new { r.AssignmentId, r.At });
        builder.HasIndex(r => new { r.CampaignId, r.ReviewerId });
    }
}
