using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>Raw scores to calibrated ones and to "counts". Thresholds and the floor are in calibrated scores.</summary>
internal sealed class ScoreMap
{
    private readonly double[] thresholds;
    private readonly ScoreCalibration? calibration;

    public ScoreMap(ModelManifest manifest, SessionSettings settings)
    {
        calibration = manifest.Calibration;
        thresholds = [.. manifest.Classes.Select(c => c.IsGood ? double.PositiveInfinity : settings.Thresholds?.TryGetValue(c.Name, out double t) == true ? t : c.Threshold ?? manifest.Threshold)];
        double floor = thresholds.Where(double.IsFinite).Append(settings.ScoreFloor).Min();
        RawFloor = (float)Raw(floor);
    }

    /// <summary>Raw score below which nothing needs to be looked at. A threshold below the floor is still honoured.</summary>
    public float RawFloor { get; }

    public bool Counts(int type, double score) => score >= thresholds[type];

    /// <summary>p = σ(a·logit(raw) + b), Platt 1999.</summary>
    public double Calibrate(double raw)
    {
        if (calibration is not { } c)
            return raw;
        double clipped = Math.Clamp(raw, 1e-9, 1 - 1e-9);
        return Sigmoid(c.A * Math.Log(clipped / (1 - clipped)) + c.B);
    }

    private double Raw(double score)
    {
        if (calibration is not { } c || score is <= 0 or >= 1)
            return score;
        return Sigmoid((Math.Log(score / (1 - score)) - c.B) / c.A);
    }

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>The logit of a score, for comparing before the sigmoid; a little lower, so that rounding loses nothing.</summary>
    public static float Logit(float score) => score <= 0 ? float.NegativeInfinity : score >= 1 ? float.PositiveInfinity : MathF.Log(score / (1 - score)) - 1e-5f;
}
