using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>How well a model version did in an organization up to a moment, as far as people said: counts since it began to decide there.</summary>
internal sealed class PerformanceLook : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid ModelVersionId { get; init; }

    /// <summary>Of the newest hour that is counted, in production's own time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Of the parts it rejected, how many an operator called false alarms.</summary>
    public required RateWatch FalseAlarms { get; init; }

    /// <summary>Of the parts it passed, how many an operator called missed defects.</summary>
    public required RateWatch MissedDefects { get; init; }

    /// <summary>Of the random samples that people annotated, how many verdicts were wrong.</summary>
    public required RateWatch Audits { get; init; }

    /// <summary>Samples by what they are and what the model said.</summary>
    public required AuditTable Table { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}

/// <summary>Audited samples.</summary>
/// <param name="Found">Defective and rejected.</param>
/// <param name="Escaped">Defective and passed.</param>
/// <param name="Overkilled">Good and rejected.</param>
/// <param name="Passed">Good and passed.</param>
internal sealed record AuditTable(int Found, int Escaped, int Overkilled, int Passed)
{
    public double? Precision => Found + Overkilled == 0 ? null : Found / (double)(Found + Overkilled);

    public double? Recall => Found + Escaped == 0 ? null : Found / (double)(Found + Escaped);

    public int Images => Found + Escaped + Overkilled + Passed;
}

internal sealed class PerformanceLookConfiguration : IEntityTypeConfiguration<PerformanceLook>
{
    public void Configure(EntityTypeBuilder<PerformanceLook> builder)
    {
        builder.ToTable("performance_looks");
        builder.Property(l => l.FalseAlarms).HasJson();
        builder.Property(l => l.MissedDefects).HasJson();
        builder.Property(l => l.Audits).HasJson();
        builder.Property(l => l.Table).HasJson();
        builder.HasOne<Organization>().WithMany().HasForeignKey(l => l.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(l => l.ProjectId);
        builder.HasIndex(l => new { l.ProjectId, l.OrganizationId, l.ModelVersionId, l.At });
    }
}
