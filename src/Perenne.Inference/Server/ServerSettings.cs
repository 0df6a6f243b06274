namespace Perenne.Inference;

/// <summary>How a <see cref="ModelServer"/> shares a model between callers.</summary>
public sealed record ServerSettings
{
    /// <summary>Runs of the network at the same time, each with <see cref="SessionSettings.Threads"/> threads. On a CPU as many as processors with one thread each give the most frames a second; one with all threads the shortest answer.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Most frames in one run.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>How long the first frame of a batch waits for others. Zero: only what is waiting anyway goes together, which is best on a CPU.</summary>
    public TimeSpan MaxDelay { get; init; }

    /// <summary>Most frames that wait. <see cref="FramePriority.Low"/> may fill half of it, <see cref="FramePriority.Normal"/> nine tenths.</summary>
    public int QueueLength { get; init; } = 256;
}

/// <summary>Who goes first.</summary>
public enum FramePriority
{
    /// <summary>A part on the line waits for the verdict.</summary>
    High,

    /// <summary>Someone waits for the answer.</summary>
    Normal,

    /// <summary>Shadow models, evaluation, anything that can come later.</summary>
    Low,
}

/// <summary>An answer of a <see cref="ModelServer"/>.</summary>
/// <param name="Prediction">What the model says.</param>
/// <param name="Package">The model that said it: during a swap the old or the new one.</param>
/// <param name="Waited">Time in the queue.</param>
public sealed record Judgement(Prediction Prediction, ModelPackage Package, TimeSpan Waited);

/// <summary>Counters of a <see cref="ModelServer"/>.</summary>
/// <param name="Waiting">Frames in the queue.</param>
/// <param name="Served">Answers given since the start.</param>
/// <param name="Refused">Frames refused because the queue was full.</param>
/// <param name="Failed">Runs that ended with an error of the model.</param>
/// <param name="Swaps">Models swapped in since the start.</param>
public readonly record struct ServerState(int Waiting, long Served, long Refused, long Failed, int Swaps);
