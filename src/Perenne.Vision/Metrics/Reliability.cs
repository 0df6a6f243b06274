namespace Perenne.Vision.Metrics;

/// <summary>A bin of a reliability curve.</summary>
/// <param name="Low">Lower end of the scores.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Scores in it.</param>
/// <param name="MeanScore">Their mean; NaN when empty.</param>
/// <param name="HitRate">The share that was right; NaN when empty.</param>
public readonly record struct ReliabilityBin(double Low, double High, int Count, double MeanScore, double HitRate);

/// <summary>How far scores are from being probabilities.</summary>
/// <remarks>Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017, section 2.</remarks>
public static class Reliability
{
    /// <summary>Bins of equal width over [0, 1]: (low, high], the first with its lower end.</summary>
    /// <param name="scores">In [0, 1].</param>
    /// <param name="right">Whether each was right; same length.</param>
    /// <param name="bins">Number of bins, &gt;= 1.</param>
    public static ReliabilityBin[] Curve(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ScoredOutcomes.Check(scores, right, probabilities: true);
        var counts = new int[bins];
        var hits = new int[bins];
        var sums = new double[bins];
        for (int i = 0; i < scores.Length; i++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(scores[i] * bins) - 1, 0, bins - 1);
            counts[bin]++;
            sums[bin] += scores[i];
            hits[bin] += right[i] ? 1 : 0;
        }
        var curve = new ReliabilityBin[bins];
        for (int b = 0; b < bins; b++)
            curve[b] = new ReliabilityBin((double)b / bins, (double)(b + 1) / bins, counts[b], sums[b] / counts[b], (double)hits[b] / counts[b]);
        return curve;
    }

    /// <summary>Expected calibration error: the mean over scores of |hit rate - mean score| of their bin, in [0, 1]; NaN without scores.</summary>
    public static double ExpectedError(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right, int bins = 15)
    {
        double sum = 0;
        foreach (ReliabilityBin bin in Curve(scores, right, bins))
            if (bin.Count > 0)
                sum += bin.Count * Math.Abs(bin.HitRate - bin.MeanScore);
        return sum / scores.Length;
    }

    /// <summary>Mean squared distance of score and outcome (Brier 1950), in [0, 1]; NaN without scores.</summary>
    public static double Brier(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        ScoredOutcomes.Check(scores, right, probabilities: true);
        double sum = 0;
        for (int i = 0; i < scores.Length; i++)
            sum += (scores[i] - (right[i] ? 1 : 0)) * (scores[i] - (right[i] ? 1 : 0));
        return sum / scores.Length;
    }
}
