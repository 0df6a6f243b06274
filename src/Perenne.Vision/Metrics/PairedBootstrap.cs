using Perenne.Vision.Statistics;

namespace Perenne.Vision.Metrics;

/// <summary>Is B better than A, on the same images?</summary>
/// <param name="Difference">Figure of B minus figure of A.</param>
/// <param name="Interval">Percentile interval of the difference.</param>
/// <param name="ProbabilityBetter">Share of resamples where B is above A, ties half.</param>
public sealed record PairedComparison(double Difference, Interval Interval, double ProbabilityBetter)
{
    /// <summary>B is better: the whole interval lies above 0.</summary>
    public bool IsBetter => Interval.Low > 0;

    /// <summary>B is worse: the whole interval lies below 0.</summary>
    public bool IsWorse => Interval.High < 0;
}

/// <summary>Compares two models by drawing images with replacement, the same for both.</summary>
/// <remarks>Source: B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993, chapters 13 and 16; pairing removes what makes an image hard for both.</remarks>
public static class PairedBootstrap
{
    /// <summary>Compares the means of one figure per image (higher is better).</summary>
    /// <param name="a">Figures of A.</param>
    /// <param name="b">Figures of B on the same images.</param>
    /// <param name="seed">Same seed, same answer.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="level">Coverage in (0, 1).</param>
    public static PairedComparison? OfMeans(IReadOnlyList<double> a, IReadOnlyList<double> b, ulong seed, int resamples = 2000, double level = 0.95)
    {
        Classification.RequireSameLength(a.Count, b.Count);
        return Compare(a.Count, drawn => WeightedMean(a, drawn), drawn => WeightedMean(b, drawn), seed, resamples, level);
    }

    /// <summary>Compares any figure that can be computed from how often each image was drawn (higher is better); one that returns <c>null</c> drops the resample.</summary>
    /// <param name="images">Number of images.</param>
    /// <param name="a">Figure of A.</param>
    /// <param name="b">Figure of B.</param>
    /// <param name="seed">Same seed, same answer.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="level">Coverage in (0, 1).</param>
    /// <returns><c>null</c> where a figure is undefined on the whole set or on more than half of the resamples.</returns>
    public static PairedComparison? Compare(int images, Func<int[], double?> a, Func<int[], double?> b, ulong seed, int resamples = 2000, double level = 0.95)
    {
        var once = new int[images];
        Array.Fill(once, 1);
        if (images == 0 || b(once) - a(once) is not { } difference)
            return null;
        double above = 0;
        int defined = 0;
        Interval? interval = PercentileBootstrap.Of(images, drawn =>
        {
            double? d = b(drawn) - a(drawn);
            above += d > 0 ? 1 : d == 0 ? 0.5 : 0;
            defined += d is null ? 0 : 1;
            return d;
        }, resamples, level, seed);
        return interval is { } i ? new PairedComparison(difference, i, above / defined) : null;
    }

    private static double? WeightedMean(IReadOnlyList<double> values, int[] drawn)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < drawn.Length; i++)
            (sum, count) = (sum + values[i] * drawn[i], count + drawn[i]);
        return count == 0 ? null : sum / count;
    }
}
