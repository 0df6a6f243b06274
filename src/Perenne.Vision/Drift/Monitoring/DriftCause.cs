namespace Perenne.Vision.Drift;

/// <summary>What changed, as far as the signals can tell; in the order in which one explains the other.</summary>
public enum DriftCause
{
    /// <summary>A fact of the pipeline: another camera, size, format, exposure.</summary>
    Upstream,

    /// <summary>Where the parts lie on the picture: the camera or the fixture moved.</summary>
    View,

    /// <summary>Brightness.</summary>
    Lighting,

    /// <summary>Sharpness.</summary>
    Focus,

    /// <summary>Noise.</summary>
    Noise,

    /// <summary>Another measure of the picture.</summary>
    Picture,

    /// <summary>More or other pictures are unfit to be judged, and no measure of the picture says why.</summary>
    Quality,

    /// <summary>What is on the pictures, with the same light and focus: another product, another background.</summary>
    Content,

    /// <summary>Only what the model finds: more or other defects, or a model that judges otherwise.</summary>
    Findings,
}

/// <summary>Many signals move for one cause: a lamp that fails moves brightness, features, scores and detections at once.</summary>
public static class DriftCauses
{
    /// <summary>The fact that says whether a picture was fit to be judged, and why not.</summary>
    public const string Quality = "quality";

    /// <summary>What that fact says of a picture that could be judged.</summary>
    public const string Fit = "fit";

    /// <summary>The one cause of the flagged signals of a camera; null without any.</summary>
    /// <remarks>
    /// Whatever comes earlier on the way from the part to the verdict explains what comes after it: pipeline, picture, content, findings.
    /// Among measures of the picture the largest effect names the cause; sharpness yields to brightness and noise where those moved about as much (darkness and noise both move sharpness).
    /// </remarks>
    public static DriftCause? Of(IEnumerable<SignalChange> signals)
    {
        SignalChange[] flagged = [.. signals.Where(s => s.IsFlagged)];
        if (flagged.Length == 0)
            return null;
        if (flagged.Any(s => s.Kind == SignalKind.Fact && s.Signal != Quality))
            return DriftCause.Upstream;
        if (flagged.Where(s => s.Kind == SignalKind.Scalar).OrderByDescending(Weight).FirstOrDefault() is { } largest)
            return Named(largest.Signal);
        if (flagged.Any(s => s.Kind == SignalKind.Fact))
            return DriftCause.Quality;
        return flagged.Any(s => s.Kind == SignalKind.Features) ? DriftCause.Content : DriftCause.Findings;
    }

    private static double Weight(SignalChange signal) => Named(signal.Signal) switch
    {
        DriftCause.Lighting or DriftCause.Noise or DriftCause.View => signal.Effect,
        DriftCause.Focus => signal.Effect - 0.1,
        _ => signal.Effect - 0.2,
    };

    private static DriftCause Named(string signal) =>
        signal.StartsWith("view-shift", StringComparison.Ordinal) ? DriftCause.View
        : signal.StartsWith("brightness", StringComparison.Ordinal) ? DriftCause.Lighting
        : signal.StartsWith("sharpness", StringComparison.Ordinal) ? DriftCause.Focus
        : signal.StartsWith("noise", StringComparison.Ordinal) ? DriftCause.Noise : DriftCause.Picture;
}
