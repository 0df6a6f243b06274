using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

internal enum RolloutState
{
    Running,
    Paused,

    /// <summary>A stop condition held; what is deployed stays as it is.</summary>
    Stopped,
    Finished,
}

/// <summary>How each organization is brought from nothing to active.</summary>
/// <param name="ShadowHours">Watching before anything is decided; 0 leaves the stage out.</param>
/// <param name="CanaryHours">0 leaves the stage out.</param>
/// <param name="MinFrames">Frames that must have been judged in a stage before the next.</param>
/// <param name="MaxRolledBack">More organizations than this that took the model back stop the rollout everywhere.</param>
internal sealed record RolloutRules(double ShadowHours = 24, double CanaryShare = 0.1, double CanaryHours = 24, int MinFrames = 200, int MaxRolledBack = 0);

/// <summary>A model version on its way through the organizations of a project, wave after wave.</summary>
internal sealed class Rollout : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>The project's owner.</summary>
    public required Guid OrganizationId { get; init; }

    public required Guid ModelVersionId { get; init; }

    public required int ModelNumber { get; init; }

    /// <summary>Organizations of each wave; a wave begins when all of the one before are active.</summary>
    public required List<List<Guid>> Waves { get; init; }

    public required RolloutRules Rules { get; init; }

    public required RolloutState State { get; set; }

    /// <summary>Why it stopped or waits, in a sentence.</summary>
    public string? Note { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string ByName { get; init; }

    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class RolloutConfiguration : IEntityTypeConfiguration<Rollout>
{
    public void Configure(EntityTypeBuilder<Rollout> builder)
    {
        builder.ToTable("rollouts");
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Waves).HasJson();
        builder.Property(r => r.Rules).HasJson();
        builder.Property(r => r.Note).HasMaxLength(2000);
        builder.Property(r => r.ByName).HasMaxLength(256);
        builder.HasOne<Project>().WithMany().HasForeignKey(r => r.ProjectId);
        builder.HasIndex(r => new { r.ProjectId, r.State });
    }
}
