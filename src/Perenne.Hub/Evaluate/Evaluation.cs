using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Datasets;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Evaluate;

internal enum EvaluationState
{
    Queued,
    Running,
    Ready,
    Failed,
    Cancelled,
}

/// <summary>One model version measured on one dataset version, or a slice of it.</summary>
internal sealed class Evaluation
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required int Number { get; init; }

    public required Guid ModelVersionId { get; init; }

    public required Guid DatasetVersionId { get; init; }

    public required EvaluationSlice Slice { get; init; }

    public required bool Robustness { get; init; }

    public EvaluationState State { get; set; }

    public Guid Fence { get; set; }

    public int Progress { get; set; }

    public int Expected { get; set; }

    public EvaluationFigures? Figures { get; set; }

    /// <summary>What was found image by image; addresses the blob.</summary>
    public string? ResultsHash { get; set; }

    public string? Failure { get; set; }

    public required Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Of the hub's process while it measured: an upper bound where it did other work at the same time.</summary>
    public double ProcessorSeconds { get; set; }
}

internal sealed class EvaluationConfiguration : IEntityTypeConfiguration<Evaluation>
{
    public void Configure(EntityTypeBuilder<Evaluation> builder)
    {
        builder.ToTable("evaluations");
        builder.Property(e => e.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(e => e.ResultsHash).HasMaxLength(64);
        builder.Property(e => e.Failure).HasMaxLength(2000);
        builder.Property(e => e.CreatedByName).HasMaxLength(256);
        builder.Property(e => e.Slice).HasJson();
        builder.Property(e => e.Figures!).HasJson().IsRequired(false);
        builder.HasOne<Project>().WithMany().HasForeignKey(e => e.ProjectId);
        builder.HasOne<ModelVersion>().WithMany().HasForeignKey(e => e.ModelVersionId);
        builder.HasOne<DatasetVersion>().WithMany().HasForeignKey(e => e.DatasetVersionId);
        builder.HasIndex(e => new { e.ProjectId, e.Number }).IsUnique();
    }
}

internal static class VisibleEvaluations
{
    public static IQueryable<Evaluation> EvaluationsIn(this HubDbContext db, Guid project) =>
        db.Set<Evaluation>().Where(e => e.ProjectId == project && db.VisibleVersions(project).Any(v => v.Id == e.DatasetVersionId));
}
