using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Automate;

internal enum FlowState
{
    Running,
    Succeeded,

    /// <summary>Ended by a rule, not by a fault: the gate refused the new version, for example.</summary>
    Refused,
    Failed,
    Cancelled,
}

/// <summary>
/// One run of a flow: why it began, what it made, what it cost. Its key is unique in the project, so that two hubs that decide the same at
/// the same moment make one run; its stage moves only from the one its mover read (fencing).
/// </summary>
internal sealed class FlowRun : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required FlowKind Kind { get; init; }

    public required string Key { get; init; }

    public FlowState State { get; set; }

    /// <summary>What it is waiting for, as a word of its flow: "dataset", "train", "gate", "rollout".</summary>
    public required string Stage { get; set; }

    /// <summary>Grows with every move; a move from an older one is refused.</summary>
    public int Moves { get; set; }

    /// <summary>1, and one more for each time a person let it go on after a failure.</summary>
    public int Attempt { get; set; } = 1;

    public required string Reason { get; init; }

    public required FlowInputs Inputs { get; init; }

    public FlowOutputs Outputs { get; set; } = new();

    public IReadOnlyList<FlowNote> Log { get; set; } = [];

    /// <summary>Seconds of processor time of the trainings and evaluations that it ordered, failed ones too.</summary>
    public double CostSeconds { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }
}

/// <param name="Policy">Number of the policy in force.</param>
/// <param name="Subject">Campaign, model version or alert that it began with.</param>
internal sealed record FlowInputs(int Policy, Guid? Subject);

/// <summary>What the run made, each at most once.</summary>
internal sealed record FlowOutputs
{
    public Guid? Campaign { get; init; }

    public int? Images { get; init; }

    public Guid? DatasetVersion { get; init; }

    public Guid? TrainingRun { get; init; }

    public Guid? ModelVersion { get; init; }

    public Guid? Evaluation { get; init; }

    public Guid? Rollout { get; init; }
}

internal sealed record FlowNote(DateTimeOffset At, string Words);

internal sealed class FlowRunConfiguration : IEntityTypeConfiguration<FlowRun>
{
    public void Configure(EntityTypeBuilder<FlowRun> builder)
    {
        builder.ToTable("flow_runs");
        builder.Property(r => r.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Key).HasMaxLength(200);
        builder.Property(r => r.Stage).HasMaxLength(32);
        builder.Property(r => r.Reason).HasMaxLength(1000);
        builder.Property(r => r.Inputs).HasJson();
        builder.Property(r => r.Outputs).HasJson();
        builder.Property(r => r.Log).HasJson();
        builder.Property(r => r.Moves).IsConcurrencyToken();
        builder.HasOne<Project>().WithMany().HasForeignKey(r => r.ProjectId);
        builder.HasIndex(r => new { r.ProjectId, r.Key }).IsUnique();
        builder.HasIndex(r => new { r.ProjectId, r.StartedAt });
        builder.HasIndex(r => new { r.ProjectId, r.State });
    }
}
