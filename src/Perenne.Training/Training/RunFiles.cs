using Perenne.Contracts.Jobs;

namespace Perenne.Training.Training;

/// <summary>Where a run writes.</summary>
internal sealed class RunFiles(string folder, TrainingJob job, string fingerprint)
{
    public ProgressLog Log { get; } = new(Path.Combine(folder, job.Metrics));

    public string Images { get; } = Path.Combine(folder, job.Images);

    public string Model { get; } = Path.Combine(folder, job.Model);

    public string Fingerprint => fingerprint;

    private string Checkpoints { get; } = Path.Combine(folder, job.Checkpoint);

    public void Save(CheckpointHeader header, TrainingState state) => CheckpointFile.Write(Checkpoints, header, state);

    public CheckpointHeader? Load(TrainingState state) => CheckpointFile.Read(Checkpoints, fingerprint, state);
}
