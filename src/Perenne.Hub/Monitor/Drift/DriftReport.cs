using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>One camera in one round: which signals changed against its reference, what that means, whether somebody was told. Never changed afterwards.</summary>
internal sealed class DriftReport : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Camera { get; init; }

    public required Guid ReferenceId { get; init; }

    public required DateTimeOffset CurrentFrom { get; init; }

    public required DateTimeOffset CurrentTo { get; init; }

    public required int ReferenceCount { get; init; }

    public required int CurrentCount { get; init; }

    /// <summary>The chance of any flag this round had, were nothing changed: from the organization's budget of false alarms.</summary>
    public required double Level { get; init; }

    /// <summary>Null: nothing changed that counts.</summary>
    public DriftCause? Cause { get; init; }

    public required bool IsAlarm { get; init; }

    /// <summary>When the first round of the present run of flagged ones began.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Mean score of the window's findings: the share expected to be right, where scores are calibrated.</summary>
    public double? ExpectedPrecision { get; init; }

    /// <summary>The same of the reference.</summary>
    public double? ExpectedBefore { get; init; }

    /// <summary>Estimated mix of the defects; empty where it cannot be told.</summary>
    public IReadOnlyList<LabelShare> Labels { get; init; } = [];

    public required IReadOnlyList<SignalChange> Signals { get; init; }

    /// <summary>SHA-256 of sampled frames, evenly over each window.</summary>
    public required DriftExamples Examples { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}

internal sealed record DriftExamples(IReadOnlyList<string> Reference, IReadOnlyList<string> Current);

internal sealed class DriftReportConfiguration : IEntityTypeConfiguration<DriftReport>
{
    public void Configure(EntityTypeBuilder<DriftReport> builder)
    {
        builder.ToTable("drift_reports");
        builder.Property(r => r.Camera).HasMaxLength(200);
        builder.Property(r => r.Cause).HasConversion<string>().HasMaxLength(20);
        builder.Property(r => r.Signals).HasJson();
        builder.Property(r => r.Labels).HasJson();
        builder.Property(r => r.Examples).HasJson();
        builder.HasOne<DriftReference>().WithMany().HasForeignKey(r => r.ReferenceId);
        // Two hub processes that judge the same window make one report.
        builder.HasIndex(r => new { r.ReferenceId, r.CurrentFrom }).IsUnique();
        builder.HasIndex(r => new { r.ProjectId, r.OrganizationId, r.Camera, r.CurrentTo });
    }
}
