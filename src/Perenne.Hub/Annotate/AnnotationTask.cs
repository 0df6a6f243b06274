using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

internal enum TaskState
{
    /// <summary>Slots are free or being worked on.</summary>
    Open,

    /// <summary>All slots are submitted and a reviewer will look.</summary>
    InReview,

    /// <summary>The annotators disagree: somebody picks shape by shape.</summary>
    Disputed,

    /// <summary>There is a ground truth.</summary>
    Done,

    /// <summary>Skipped by as many people as the rules ask for.</summary>
    Unannotatable,
}

/// <summary>One image of a campaign. Its slots are its <see cref="Assignment"/>s.</summary>
internal sealed class AnnotationTask : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid CampaignId { get; init; }

    public required Guid ImageId { get; init; }

    public TaskState State { get; set; }

    /// <summary>0 (lowest) to 127.</summary>
    public int Priority { get; set; }

    /// <summary>48-bit place in the queue; see <see cref="QueueKey"/>.</summary>
    public required long Place { get; set; }

    /// <summary>How many people annotate it.</summary>
    public required int Required { get; set; }

    public int Submitted { get; set; }

    public int Skipped { get; set; }

    /// <summary>Images of the same part share it.</summary>
    public string? PartKey { get; init; }

    /// <summary>Label class that a judge of this image must know (the class proposed by import or model); null: any.</summary>
    public string? Skill { get; set; }

    /// <summary>The ground truth against which the answers to a gold task are scored; null: an ordinary task. Gold tasks count towards no target.</summary>
    public Guid? GoldTruthId { get; init; }

    /// <summary>Who decides a dispute about it at the moment, so that two do not do the same work.</summary>
    public Guid? HeldBy { get; set; }

    public DateTimeOffset? HeldUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }
}

internal sealed class AnnotationTaskConfiguration : IEntityTypeConfiguration<AnnotationTask>
{
    public void Configure(EntityTypeBuilder<AnnotationTask> builder)
    {
        builder.ToTable("annotation_tasks");
        builder.Property(t => t.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(t => t.PartKey).HasMaxLength(200);
        builder.Property(t => t.Skill).HasMaxLength(100);
        builder.HasOne<Campaign>().WithMany().HasForeignKey(t => t.CampaignId);
        builder.HasIndex(t => new { t.CampaignId, t.ImageId }).IsUnique();
        builder.HasIndex(t => new { t.CampaignId, t.State, t.Id });
        builder.HasIndex(t => t.CampaignId).HasFilter("gold_truth_id IS NOT NULL").HasDatabaseName("ix_annotation_tasks_gold");
        builder.HasIndex(t => t.ImageId);
    }
}
