using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>The two-sample Kolmogorov-Smirnov test: the largest vertical distance between two empirical distribution functions.</summary>
public static class KolmogorovSmirnov
{
    /// <summary>The largest sample for which <see cref="Test"/> counts exactly.</summary>
    public const int ExactLimit = 2_000;

    /// <summary>The distance, in [0,1].</summary>
    /// <exception cref="ArgumentException">A sample is empty or holds a value that is not finite.</exception>
    public static double Statistic(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] x = Samples.Sorted(a, nameof(a)), y = Samples.Sorted(b, nameof(b));
        return (double)Numerator(x, y) / ((long)x.Length * y.Length);
    }

    /// <summary>Exact p value where the samples are at most <see cref="ExactLimit"/> long, otherwise asymptotic.</summary>
    public static TwoSampleResult Test(ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        Math.Max(a.Length, b.Length) <= ExactLimit ? Exact(a, b) : Asymptotic(a, b);

    /// <summary>The p value from the one-sample law of the harmonic size mn/(m+n), rounded (as scipy computes it).</summary>
    public static TwoSampleResult Asymptotic(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double statistic = Statistic(a, b);
        int size = (int)Math.Round((double)a.Length * b.Length / ((double)a.Length + b.Length));
        return new TwoSampleResult(statistic, size == 0 ? 1 : KolmogorovDistribution.UpperTail(statistic, size));
    }

    /// <summary>
    /// The exact p value: the share of the lattice paths from (0,0) to (m,n) that reach the observed distance (Hodges 1957). Exact for
    /// continuous data; conservative under ties. Time O(m·n).
    /// </summary>
    public static TwoSampleResult Exact(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] x = Samples.Sorted(a, nameof(a)), y = Samples.Sorted(b, nameof(b));
        long numerator = Numerator(x, y);
        return new TwoSampleResult((double)numerator / ((long)x.Length * y.Length), PathsOutside(x.Length, y.Length, numerator));
    }

    // max |i·n − j·m| in whole numbers, so that equality with the boundary is never a matter of rounding.
    private static long Numerator(double[] x, double[] y)
    {
        long largest = 0;
        foreach ((int i, int j, _) in Samples.Steps(x, y))
            largest = Math.Max(largest, Math.Abs((long)i * y.Length - (long)j * x.Length));
        return largest;
    }

    // Draws the merged order as a walk without replacement and adds up the mass that first reaches the boundary:
    // positive terms only, so that small p values keep their digits.
    private static double PathsOutside(int m, int n, long boundary)
    {
        if (boundary == 0)
            return 1;
        double outside = 0;
        double[] inside = new double[n + 1];
        for (int i = 0; i <= m; i++)
        {
            // A step in i can land n beyond the boundary: start where the row above was still inside.
            int first = (int)Math.Max(0, ((i - 1L) * n - boundary) / m), last = (int)Math.Min(n, ((long)i * n + boundary) / m + 1);
            for (int j = first; j <= last; j++)
            {
                // Mass that comes from the row above (still in inside[j]) and from the left.
                double mass = i == 0 ? 0 : inside[j] * (m - i + 1) / (m - i + 1 + n - j);
                if (j > 0)
                    mass += inside[j - 1] * (n - j + 1) / (m - i + n - j + 1);
                if (i == 0 && j == 0)
                    mass = 1;
                if (Math.Abs((long)i * n - (long)j * m) >= boundary)
                {
                    outside += mass;
                    mass = 0;
                }
                inside[j] = mass;
            }
        }
        return Math.Min(1, outside);
    }
}
