using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Automate;

/// <summary>What the loop knew of one organization in one hour: the past on which a policy can be tried.</summary>
internal sealed class FactsSnapshot : IOrganizationOwned
{
    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Hours since 1970, UTC.</summary>
    public required long Hour { get; init; }

    public required SnapshotFacts Facts { get; init; }
}

/// <summary>The project's and this organization's facts of that hour.</summary>
internal sealed record SnapshotFacts(Guid? Champion, DateTimeOffset? TrainedAt, bool RetrainIsOpen, OrganizationFacts Organization);

internal sealed class FactsSnapshotConfiguration : IEntityTypeConfiguration<FactsSnapshot>
{
    public void Configure(EntityTypeBuilder<FactsSnapshot> builder)
    {
        builder.ToTable("facts_snapshots");
        builder.HasKey(s => new { s.ProjectId, s.OrganizationId, s.Hour });
        builder.Property(s => s.Facts).HasJson();
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
    }
}
