namespace Perenne.Vision.Drift;

/// <summary>The kind of a signal, which decides its test and what a change of it means.</summary>
public enum SignalKind
{
    /// <summary>A fact of the pipeline (size, format, exposure). G-test; effect = total variation distance.</summary>
    Fact,

    /// <summary>A measure of the picture. Kolmogorov-Smirnov; effect = its distance.</summary>
    Scalar,

    /// <summary>Pooled features. Kernel two-sample test; effect = MMD, the root of MMD² (0 where the estimate is negative).</summary>
    Features,

    /// <summary>Detections per class. G statistic with images exchanged at random; effect = Jensen-Shannon distance.</summary>
    Classes,

    /// <summary>Detections per image. Kolmogorov-Smirnov.</summary>
    Detections,

    /// <summary>The highest score of each image that has one. Kolmogorov-Smirnov.</summary>
    TopScore,
}

/// <summary>One signal of one camera in two windows.</summary>
/// <param name="Signal">Its name: of the scalar or fact, otherwise <c>features</c>, <c>classes</c>, <c>detections</c>, <c>top-score</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="PValue">Of its test alone, in [0,1].</param>
/// <param name="Effect">Size of the difference in [0,1]; see <see cref="SignalKind"/>.</param>
/// <param name="Reference">The middle of the reference window: median, mean number of detections, or the commonest value.</param>
/// <param name="Current">The same of the current window.</param>
public sealed record SignalChange(string Signal, SignalKind Kind, double PValue, double Effect, string Reference, string Current)
{
    /// <summary>Its p value corrected within the camera (Holm).</summary>
    public double CorrectedPValue { get; init; } = 1;

    /// <summary>Whether it counts: corrected, across cameras too, and large enough to matter.</summary>
    public bool IsFlagged { get; init; }
}
