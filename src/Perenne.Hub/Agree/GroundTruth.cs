using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Agree;

internal enum TruthSource
{
    /// <summary>One annotator's answer, taken as it is.</summary>
    Accepted,

    /// <summary>A reviewer's fix.</summary>
    Fixed,

    /// <summary>Agreeing answers of several annotators, merged.</summary>
    Consensus,

    /// <summary>Picked shape by shape by a person.</summary>
    Adjudicated,
    Imported,
}

/// <summary>The accepted annotation of an image in a project. A newer one replaces it; the older ones stay as its history.</summary>
internal sealed class GroundTruth : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid ImageId { get; init; }

    public Guid? TaskId { get; init; }

    public required TruthSource Source { get; init; }

    public required AnnotationDocument Document { get; init; }

    /// <summary>The annotations it was made from.</summary>
    public required Guid[] From { get; init; }

    /// <summary>Who decided; null when the rules did.</summary>
    public Guid? DecidedBy { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>False once replaced or withdrawn.</summary>
    public bool IsCurrent { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>Null: replaced by the rules.</summary>
    public Guid? WithdrawnBy { get; set; }
}

internal sealed class GroundTruthConfiguration : IEntityTypeConfiguration<GroundTruth>
{
    public void Configure(EntityTypeBuilder<GroundTruth> builder)
    {
        builder.ToTable("ground_truths");
        builder.Property(t => t.Source).HasConversion<string>().HasMaxLength(16);
        builder.Property(t => t.Document).HasDocument();
        builder.Property(t => t.From).HasJson();
        builder.HasOne<Project>().WithMany().HasForeignKey(t => t.ProjectId);
        builder.HasIndex(t => new { t.ProjectId, t.ImageId }).IsUnique().HasFilter("is_current");
        builder.HasIndex(t => new { t.ProjectId, t.At, t.Id });
        builder.HasIndex(t => t.ImageId);
    }
}
