using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>How a network is run.</summary>
public sealed record SessionSettings
{
    /// <summary>
    /// Execution providers, best first, separated by commas, each with options after a colon:
    /// <c>cpu</c>, <c>cuda</c>, <c>cuda:device_id=1</c>, <c>tensorrt:trt_fp16_enable=1;trt_engine_cache_enable=1,cuda</c>, <c>openvino:device_type=GPU</c>.
    /// The CPU always comes last by itself.
    /// </summary>
    public string Provider { get; init; } = "cpu";

    /// <summary>Threads for one run. 0: one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// True: threads wait for work by spinning. A few per cent faster alone, much slower as soon as another thread pool (a trainer, a second model) shares the processors.
    /// </summary>
    public bool Spin { get; init; }

    /// <summary>False: the graph is run as written; loads faster, runs slower.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Detections below this score are not returned, in [0, 1]. A station wants 0.05, an evaluation <see cref="EvaluationFloor"/>.</summary>
    public double ScoreFloor { get; init; } = 0.05;

    /// <summary>Thresholds in [0, 1] by class name that replace the package's. Null: none.</summary>
    public IReadOnlyDictionary<string, double>? Thresholds { get; init; }

    /// <summary>Most images or tiles in one run of the network, where it is exported for any number.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>The floor for measuring a model, whose precision-recall curves need the unsure detections too: 0.01, of calibrated scores 0.001, because calibration moves what is unsure far towards 0.</summary>
    public static double EvaluationFloor(ModelManifest manifest) => manifest.Calibration is null ? 0.01 : 0.001;
}
