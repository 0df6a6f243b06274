using Perenne.Contracts.Observations;
using Perenne.Vision.Geometry;

namespace Perenne.Inference;

/// <summary>What a model says about one image.</summary>
public sealed record Prediction
{
    /// <summary>Boxes in pixels of the image, strongest first, down to <see cref="SessionSettings.ScoreFloor"/>. Regions of a segmentation have one each.</summary>
    public IReadOnlyList<Detection> Detections { get; init; } = [];

    /// <summary>One score in [0, 1] per class, for classification; else empty.</summary>
    public IReadOnlyList<double> Tags { get; init; } = [];

    /// <summary>The value in its unit, for regression; else null.</summary>
    public double? Value { get; init; }

    /// <summary>Class per pixel, for segmentation; else null.</summary>
    public ClassMask? Mask { get; init; }

    /// <summary>Pooled features; empty where the model has none. Of a tiled image: their mean over tiles.</summary>
    public IReadOnlyList<float> Features { get; init; } = [];

    /// <summary>OK or NOT OK by the thresholds. (Whether the frame can be judged at all is the quality check's answer.)</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Where the time went.</summary>
    public PredictionTiming Timing { get; init; }
}

/// <summary>One detection.</summary>
/// <param name="Class">Class number: index in the manifest's classes.</param>
/// <param name="Score">Score in [0, 1], calibrated where the package has a calibration.</param>
/// <param name="Box">Box in pixels of the image, inside the image.</param>
/// <param name="Counts">True when the score reaches the threshold of its class and the class is not one that says "good".</param>
public readonly record struct Detection(int Class, double Score, Box Box, bool Counts);

/// <summary>Time of one prediction in milliseconds; of a batch, the batch's run time counts for each of its images.</summary>
/// <param name="Prepare">Pixels to tensor.</param>
/// <param name="Run">The network.</param>
/// <param name="Decode">Tensor to detections.</param>
public readonly record struct PredictionTiming(double Prepare, double Run, double Decode);

/// <summary>Class numbers of a segmentation, on the network's output grid brought back to the image.</summary>
/// <param name="Width">Width of the image in pixels.</param>
/// <param name="Height">Height of the image in pixels.</param>
/// <param name="Classes">Row by row, Width × Height: 0 = background, k = class k − 1 of the manifest.</param>
public sealed record ClassMask(int Width, int Height, byte[] Classes);

/// <summary>An image to judge. The pixels stay the caller's.</summary>
/// <param name="Image">Upright pixels.</param>
/// <param name="Reference">Aligned defect-free image of the same part and size, for models that take one.</param>
public readonly record struct Frame(Imaging.PixelBuffer Image, Imaging.PixelBuffer? Reference = null);
