using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>The two-sided Mann-Whitney U test (Mann and Whitney 1947): do values of one sample tend to lie above those of the other?</summary>
public static class MannWhitney
{
    private const int ExactLimit = 8;

    /// <summary>U of the first sample, and p: exact where one sample has at most 8 values and none are tied, otherwise <see cref="Asymptotic"/>.</summary>
    /// <exception cref="ArgumentException">A sample is empty or holds a value that is not finite.</exception>
    public static TwoSampleResult Test(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double u, double larger, double tieSum) = Statistic(a, b);
        return Math.Min(a.Length, b.Length) <= ExactLimit && tieSum == 0
            ? new TwoSampleResult(u, Math.Min(1, 2 * ExactUpperTail((int)larger, a.Length, b.Length)))
            : Asymptotic(a, b);
    }

    /// <summary>U of the first sample, and p from the normal law with correction for ties and continuity.</summary>
    /// <inheritdoc cref="Test" path="/exception"/>
    public static TwoSampleResult Asymptotic(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double u, double larger, double tieSum) = Statistic(a, b);
        double n1 = a.Length, n2 = b.Length, total = n1 + n2;
        double deviation = Math.Sqrt(n1 * n2 / 12 * (total + 1 - tieSum / (total * (total - 1))));
        // All values equal: nothing speaks for a difference.
        return new TwoSampleResult(u, deviation == 0 ? 1 : Math.Min(1, 2 * NormalDistribution.UpperTail((larger - n1 * n2 / 2 - 0.5) / deviation)));
    }

    private static (double U, double Larger, double TieSum) Statistic(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] x = Samples.Sorted(a, nameof(a)), y = Samples.Sorted(b, nameof(b));
        (double[] ranks, double tieSum) = Ranks.Average([.. x, .. y]);
        double u = ranks.Take(x.Length).Sum() - x.Length * (x.Length + 1.0) / 2;
        return (u, Math.Max(u, (double)x.Length * y.Length - u), tieSum);
    }

    // Probabilities of U by the recursion over which sample owns the largest value, on shares rather than counts so that nothing overflows.
    private static double ExactUpperTail(int u, int n1, int n2)
    {
        (int small, int large) = n1 <= n2 ? (n1, n2) : (n2, n1);
        double[][] chance = [.. Enumerable.Range(0, large + 1).Select(_ => new double[] { 1 })];
        for (int m = 1; m <= small; m++)
        {
            double[][] next = new double[large + 1][];
            next[0] = [1];
            for (int n = 1; n <= large; n++)
            {
                next[n] = new double[m * n + 1];
                double owns = (double)m / (m + n);
                for (int i = 0; i < chance[n].Length; i++)
                    next[n][i + n] += owns * chance[n][i];
                for (int i = 0; i < next[n - 1].Length; i++)
                    next[n][i] += (1 - owns) * next[n - 1][i];
            }
            chance = next;
        }
        return chance[large].Skip(u).Sum();
    }
}
