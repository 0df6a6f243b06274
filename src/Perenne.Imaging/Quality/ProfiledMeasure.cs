namespace Perenne.Imaging;

/// <summary>A measure that is judged against the camera's baseline.</summary>
/// <param name="Floor">Smallest standard deviation that is believed, in the measure's unit: a camera that never varies must not flag a trifle.</param>
/// <param name="LowIsBad">Low values are a fault.</param>
/// <param name="HighIsBad">High values are a fault.</param>
/// <param name="CanReject">Far off, the picture is useless, not only unusual.</param>
internal sealed record ProfiledMeasure(string Name, string LowCode, string HighCode, Func<ImageMeasures, double> Value, double Floor, bool LowIsBad, bool HighIsBad, bool CanReject, string Low, string High)
{
    // Energies and noise act by factors, so they are compared as logarithms.
    public static IReadOnlyList<ProfiledMeasure> All { get; } =
    [
        new("brightness-mean", "dark", "light", m => m.BrightnessMean, .03, true, true, true, "darker than this camera's pictures normally are", "lighter than this camera's pictures normally are"),
        new("brightness-p99", "dark", "light", m => m.BrightnessP99, .03, true, true, true, "its highlights are darker than normal", "its highlights are lighter than normal"),
        new("contrast", "low-contrast", "high-contrast", m => m.Contrast, .02, true, false, true, "contrast is lower than normal", ""),
        new("laplacian", "blurred", "", m => Math.Log(m.Laplacian + 1), .1, true, false, true, "less fine detail than normal: out of focus, moved, or a soiled lens", ""),
        new("edge-sharpness", "blurred", "", m => Math.Log(m.EdgeSharpness + .005), .05, true, false, true, "edges are softer than normal: out of focus or moved", ""),
        new("edge-sharpness-low", "partly-blurred", "", m => Math.Log(m.EdgeSharpnessLow + .005), .08, true, false, false, "a part of the picture is softer than normal", ""),
        new("noise", "", "noisy", m => Math.Log(m.Noise + .5), .25, false, true, true, "", "more noise than normal: gain, exposure time or cable"),
        new("entropy", "low-information", "", m => m.Entropy, .2, true, false, false, "fewer brightness levels than normal", ""),
        new("clipped-high", "", "overexposed", m => m.ClippedHigh, .03, false, true, false, "", "more pixels are burnt out than normal"),
    ];
}
