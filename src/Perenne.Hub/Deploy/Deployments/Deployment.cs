using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

internal enum DeploymentStage
{
    /// <summary>Judges every frame, decides none.</summary>
    Shadow,

    /// <summary>Decides a share of the frames, or all frames of chosen stations.</summary>
    Canary,

    /// <summary>Decides.</summary>
    Active,

    /// <summary>The shadow or canary of this model is over, without blame.</summary>
    Withdrawn,

    /// <summary>This model is taken back from wherever it runs; the active model before it decides again.</summary>
    RolledBack,
}

/// <summary>One entry of the history of a project in an organization. Never changed, never deleted: what is in force follows from all of them.</summary>
internal sealed class Deployment : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>From 1, without gaps: of two people who deploy at once, one is told.</summary>
    public required int Number { get; init; }

    public required Guid ModelVersionId { get; init; }

    /// <summary>The version's number, for people.</summary>
    public required int ModelNumber { get; init; }

    public required DeploymentStage Stage { get; init; }

    /// <summary>Share in (0, 1] of the frames that a canary decides.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Stations a canary is bound to; empty: all.</summary>
    public List<Guid> Stations { get; init; } = [];

    /// <summary>By class name; replace the package's.</summary>
    public Dictionary<string, double> Thresholds { get; init; } = [];

    public required DateTimeOffset At { get; init; }

    public required Guid ById { get; init; }

    public required string ByName { get; init; }

    public required string Reason { get; init; }

    /// <summary>The hub did it by itself: a bound was broken, or a rollout went on.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>What the gates said at that moment.</summary>
    public List<GateCheck> Gates { get; init; } = [];

    /// <summary>Somebody with the right to deployed although a gate did not pass.</summary>
    public bool IsOverride { get; init; }

    public Guid? RolloutId { get; init; }
}

internal sealed class DeploymentConfiguration : IEntityTypeConfiguration<Deployment>
{
    public void Configure(EntityTypeBuilder<Deployment> builder)
    {
        builder.ToTable("deployments");
        builder.Property(d => d.Stage).HasConversion<string>().HasMaxLength(16);
        builder.Property(d => d.Stations).HasJson();
        builder.Property(d => d.Thresholds).HasJson();
        builder.Property(d => d.Gates).HasJson();
        builder.Property(d => d.ByName).HasMaxLength(256);
        builder.Property(d => d.Reason).HasMaxLength(1000);
        builder.HasOne<Project>().WithMany().HasForeignKey(d => d.ProjectId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(d => d.OrganizationId);
        builder.HasIndex(d => new { d.ProjectId, d.OrganizationId, d.Number }).IsUnique();
    }
}
