using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

/// <summary>What holds for a project in one organization: which frames are sampled, and when a model is taken back by itself.</summary>
internal sealed class PlantPolicy : IOrganizationOwned
{
    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>What holds where nobody chose: the contract's rules, and after drift one frame of twenty more.</summary>
    public static SamplingRules DefaultSampling { get; } = new() { DriftShare = 0.05 };

    /// <summary>Its share after drift goes to the stations while a drift alert stands.</summary>
    public SamplingRules Sampling { get; set; } = DefaultSampling;

    public RollbackBounds Bounds { get; set; } = new();
}

/// <summary>Bounds beyond which a canary or a freshly activated model is taken back. Null switches a bound off.</summary>
/// <param name="MinFrames">Fewer frames than this never take a model back, except when the station refuses the model.</param>
/// <param name="MaxErrorRate">Share of frames on which the model failed.</param>
/// <param name="MaxLatencyMilliseconds">99th percentile.</param>
/// <param name="MaxDisagreement">Share of frames that the other model judged differently; canary and shadow only.</param>
/// <param name="MaxFeedbackRate">Share of decided frames an operator objected to.</param>
/// <param name="WatchHours">After activation the bounds hold this long.</param>
internal sealed record RollbackBounds(
    int MinFrames = 100, double? MaxErrorRate = 0.02, double? MaxLatencyMilliseconds = null, double? MaxDisagreement = 0.10, double? MaxFeedbackRate = 0.02, int WatchHours = 72);

internal sealed class PlantPolicyConfiguration : IEntityTypeConfiguration<PlantPolicy>
{
    public void Configure(EntityTypeBuilder<PlantPolicy> builder)
    {
        builder.ToTable("plant_policies");
        builder.HasKey(p => new { p.ProjectId, p.OrganizationId });
        builder.Property(p => p.Sampling).HasJson();
        builder.Property(p => p.Bounds).HasJson();
        builder.HasOne<Project>().WithMany().HasForeignKey(p => p.ProjectId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(p => p.OrganizationId);
    }
}
