using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Share.Feed;

/// <summary>How far an annotation has come when a program reads it.</summary>
internal enum AnnotationStage
{
    /// <summary>The accepted annotation of an image: one per image.</summary>
    GroundTruth,

    /// <summary>What one person submitted: one per person and image of a campaign.</summary>
    Submitted,

    /// <summary>What came with a data set.</summary>
    Imported,
}

/// <summary>
/// One annotation that programs can read, at its newest state; its row moves to the end of the feed whenever it changes. The transaction of
/// the change sets <see cref="Position"/> to null, and <see cref="FeedOrder"/> gives it a number afterwards, when it is committed: a change
/// that was committed late comes late, and is never passed over.
/// </summary>
internal sealed class ChangedAnnotation : IOrganizationOwned
{
    public required AnnotationStage Stage { get; init; }

    /// <summary>The image for ground truth, the annotation for the others.</summary>
    public required Guid SubjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid ImageId { get; init; }

    public Guid? CampaignId { get; init; }

    public Guid? AuthorId { get; init; }

    /// <summary>The ground truth, or the annotation whose <see cref="Revision"/> holds the document.</summary>
    public required Guid RecordId { get; init; }

    public required int Revision { get; init; }

    /// <summary>Of a submitted one, what its reviewer decided; null before.</summary>
    public ReviewVerdict? Verdict { get; init; }

    /// <summary>No longer valid: rejected, withdrawn, or its image was deleted.</summary>
    public required bool IsWithdrawn { get; init; }

    /// <summary>Microseconds since 1970 UTC, because the upsert is the same text on both databases.</summary>
    public required long ChangedAt { get; init; }

    /// <summary>Place in the feed; null until <see cref="FeedOrder"/> has seen the change.</summary>
    public long? Position { get; init; }
}

internal sealed class ChangedAnnotationConfiguration : IEntityTypeConfiguration<ChangedAnnotation>
{
    public void Configure(EntityTypeBuilder<ChangedAnnotation> builder)
    {
        builder.ToTable("annotation_feed");
        builder.HasKey(c => new { c.Stage, c.SubjectId });
        builder.Property(c => c.Stage).HasConversion<string>().HasMaxLength(16);
        builder.Property(c => c.Verdict).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(c => c.Position).IsUnique().HasFilter("position IS NOT NULL");
        builder.HasIndex(c => c.SubjectId).HasFilter("position IS NULL").HasDatabaseName("ix_annotation_feed_unplaced");
        builder.HasIndex(c => new { c.ProjectId, c.Stage, c.Position });
        builder.HasIndex(c => new { c.CampaignId, c.Stage, c.Position });
        builder.HasIndex(c => c.ImageId);
    }
}
