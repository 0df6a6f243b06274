using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Models;
using Perenne.Hub.Datasets;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Train;

internal enum RunState
{
    Queued,
    Running,

    /// <summary>Somebody asked it to stop; the trainer is being told.</summary>
    Stopping,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What is asked of the trainer. Kept as it was asked, for the lineage.</summary>
/// <param name="Minutes">Budget by the clock; null when <paramref name="Steps"/> is given.</param>
/// <param name="Steps">The reproducible form.</param>
/// <param name="UseReference">Give the trainer the defect-free image of the same part, where images name one.</param>
/// <param name="Parameters">The trainer's own hyper-parameters, as JSON text; null: its defaults.</param>
internal sealed record RunConfig(ModelTask Task, double? Minutes, int? Steps, long Seed, bool UseReference = false, string? Parameters = null);

/// <summary>One training. The claim of its work item is its fence: a process that lost it writes nothing more.</summary>
internal sealed class TrainingRun
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required int Number { get; init; }

    public required string Name { get; set; }

    public required Guid DatasetVersionId { get; init; }

    /// <summary>Null: the built-in trainer.</summary>
    public Guid? TrainerId { get; init; }

    public required string TrainerName { get; init; }

    public Guid? WarmStartId { get; init; }

    public required RunConfig Config { get; init; }

    public RunState State { get; set; }

    public Guid Fence { get; set; }

    /// <summary>The machine it runs on; its job folder is there.</summary>
    public string? Node { get; set; }

    /// <summary>Times it was taken up again after a stop or a crash.</summary>
    public int Resumes { get; set; }

    /// <summary>The newest line of metrics.jsonl and the curve so far.</summary>
    public RunProgress Progress { get; set; } = RunProgress.None;

    /// <summary>The last lines of what the trainer printed.</summary>
    public string Log { get; set; } = "";

    /// <summary>What the person should know although it went on: classes left out, a missing reference.</summary>
    public string Remarks { get; set; } = "";

    public string? Failure { get; set; }

    public required Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Of the trainer and its children, over all resumes on this disk; 0 where the operating system does not tell.</summary>
    public double ProcessorSeconds { get; set; }
}

/// <summary>A user's own trainer: any command line that speaks the contract of docs/training.md. Only administrators of the hub write these, because the hub runs them.</summary>
internal sealed class Trainer
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Program and arguments; {job} is replaced by the job folder. Never given to a shell.</summary>
    public required string Command { get; set; }

    /// <summary>Without a word for so long, it counts as hanging.</summary>
    public required int SilenceMinutes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>No longer offered; runs keep its name.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}

internal sealed class TrainConfiguration : IEntityTypeConfiguration<TrainingRun>, IEntityTypeConfiguration<Trainer>
{
    public void Configure(EntityTypeBuilder<TrainingRun> builder)
    {
        builder.ToTable("training_runs");
        builder.Property(r => r.Name).HasMaxLength(200);
        builder.Property(r => r.TrainerName).HasMaxLength(200);
        builder.Property(r => r.Node).HasMaxLength(256);
        builder.Property(r => r.CreatedByName).HasMaxLength(256);
        builder.Property(r => r.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Failure).HasMaxLength(4000);
        builder.Property(r => r.Config).HasJson();
        builder.Property(r => r.Progress).HasJson();
        builder.HasOne<Project>().WithMany().HasForeignKey(r => r.ProjectId);
        builder.HasOne<DatasetVersion>().WithMany().HasForeignKey(r => r.DatasetVersionId);
        builder.HasIndex(r => new { r.ProjectId, r.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Trainer> builder)
    {
        builder.ToTable("trainers");
        builder.Property(t => t.Name).HasMaxLength(200);
        builder.Property(t => t.Command).HasMaxLength(2000);
        builder.HasIndex(t => t.Name).IsUnique();
    }
}
