using Perenne.Contracts.Observations;

namespace Perenne.Contracts.Serving;

/// <summary>Answer of <c>POST …/predict</c>: what a model says about one image.</summary>
public sealed record PredictAnswer
{
    /// <summary>The model's name: the project's slug.</summary>
    public required string Model { get; init; }

    /// <summary>Version of the model that judged.</summary>
    public required string Version { get; init; }

    /// <summary>The hub's id of the version. Null for a package that comes from a folder.</summary>
    public Guid? ModelVersionId { get; init; }

    /// <summary>OK or NOT OK by the thresholds.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Width of the upright image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Boxes, strongest first, weak ones included.</summary>
    public IReadOnlyList<PredictedBox> Detections { get; init; } = [];

    /// <summary>Score in [0, 1] by class name, for classification.</summary>
    public IReadOnlyDictionary<string, double>? Tags { get; init; }

    /// <summary>The value in its unit, for regression.</summary>
    public double? Value { get; init; }

    /// <summary>Milliseconds spent: waiting for the model, preparing, in the network, decoding.</summary>
    public required PredictTiming Milliseconds { get; init; }
}

/// <summary>One detection.</summary>
/// <param name="Class">Class name.</param>
/// <param name="Score">Score in [0, 1].</param>
/// <param name="Box">x, y, width, height in pixels of the upright image.</param>
/// <param name="Counts">True when the score reaches its threshold: the part is NOT OK because of it.</param>
public sealed record PredictedBox(string Class, double Score, IReadOnlyList<double> Box, bool Counts);

/// <summary>Where the time of one answer went, in milliseconds.</summary>
/// <param name="Wait">In the queue.</param>
/// <param name="Prepare">Pixels to tensor.</param>
/// <param name="Run">The network.</param>
/// <param name="Decode">Tensor to boxes.</param>
public sealed record PredictTiming(double Wait, double Prepare, double Run, double Decode);
