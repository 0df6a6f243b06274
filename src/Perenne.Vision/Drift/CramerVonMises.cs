using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>The two-sample Cramér-von Mises test (Anderson 1962): the squared distance between two distribution functions.</summary>
public static class CramerVonMises
{
    /// <summary>Up to this size of the larger sample the p value is exact (some 100 ms at 19 against 20, whose sums hardly coincide).</summary>
    public const int ExactLimit = 20;

    /// <summary>The statistic T and its p value: exact where both samples are at most <see cref="ExactLimit"/> long, otherwise from the limiting law.</summary>
    /// <exception cref="ArgumentException">A sample is empty or holds a value that is not finite.</exception>
    public static TwoSampleResult Test(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] x = Samples.Sorted(a, nameof(a)), y = Samples.Sorted(b, nameof(b));
        (double[] ranks, _) = Ranks.Average([.. x, .. y]);
        double nx = x.Length, ny = y.Length, product = nx * ny, total = nx + ny;
        double u = nx * SquaredShift(ranks.AsSpan(0, x.Length)) + ny * SquaredShift(ranks.AsSpan(x.Length));
        double t = u / (product * total) - (4 * product - 1) / (6 * total);
        return new TwoSampleResult(t, Math.Max(x.Length, y.Length) <= ExactLimit
            ? CramerVonMisesExact.UpperTail(u, x.Length, y.Length)
            : Limit(t, nx, ny, product, total));
    }

    private static double SquaredShift(ReadOnlySpan<double> ranks)
    {
        double sum = 0;
        for (int i = 0; i < ranks.Length; i++)
            sum += (ranks[i] - (i + 1)) * (ranks[i] - (i + 1));
        return sum;
    }

    // T is moved to the mean and variance of the limit before the limiting law is asked (Anderson 1962, section 4).
    private static double Limit(double t, double nx, double ny, double product, double total)
    {
        double mean = (1 + 1 / total) / 6;
        double variance = (total + 1) * (4 * product * total - 3 * (nx * nx + ny * ny) - 2 * product) / (45 * total * total * 4 * product);
        double standardized = 1.0 / 6 + (t - mean) / Math.Sqrt(45 * variance);
        return standardized < 0.003 ? 1 : Math.Clamp(1 - CramerVonMisesDistribution.LimitCdf(standardized), 0, 1);
    }
}
