namespace Perenne.Vision.Drift;

/// <summary>Divergences between two distributions over the same classes or bins.</summary>
public static class Divergences
{
    /// <summary>The Jensen-Shannon distance in base 2: the root of the divergence, a metric in [0,1] (Endres and Schindelin 2003).</summary>
    /// <param name="p">Counts or weights, each &gt;= 0; normalized here.</param>
    /// <param name="q">As p, equally long.</param>
    /// <exception cref="ArgumentException">Lengths differ, a weight is negative or not finite, or all weights of a side are 0.</exception>
    public static double JensenShannonDistance(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        (double totalP, double totalQ) = Totals(p, q);
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double a = p[i] / totalP, b = q[i] / totalQ, middle = (a + b) / 2;
            sum += (a > 0 ? a * Math.Log2(a / middle) : 0) + (b > 0 ? b * Math.Log2(b / middle) : 0);
        }
        return Math.Sqrt(Math.Clamp(sum / 2, 0, 1));
    }

    /// <summary>The population stability index Σ(a−e)·ln(a/e); by custom below 0.1 stable, above 0.25 shifted.</summary>
    /// <param name="expected">Counts of the reference per bin.</param>
    /// <param name="actual">Counts of the current window in the same bins.</param>
    /// <param name="pseudoCount">Added to every bin so that an empty one does not make the index infinite; &gt; 0.</param>
    /// <exception cref="ArgumentException">As for <see cref="JensenShannonDistance"/>.</exception>
    public static double PopulationStability(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double pseudoCount = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pseudoCount);
        (double totalE, double totalA) = Totals(expected, actual);
        double sum = 0, extra = pseudoCount * expected.Length;
        for (int i = 0; i < expected.Length; i++)
        {
            double e = (expected[i] + pseudoCount) / (totalE + extra), a = (actual[i] + pseudoCount) / (totalA + extra);
            sum += (a - e) * Math.Log(a / e);
        }
        return sum;
    }

    /// <summary>Counts of <paramref name="values"/> in the bins that hold equal shares of <paramref name="reference"/>.</summary>
    /// <param name="reference">Decides the edges.</param>
    /// <param name="values">Are counted.</param>
    /// <param name="bins">How many bins, &gt;= 2; fewer remain where the reference repeats values.</param>
    public static (double[] Reference, double[] Values) QuantileBins(ReadOnlySpan<double> reference, ReadOnlySpan<double> values, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        double[] sorted = Samples.Sorted(reference, nameof(reference)), other = Samples.Sorted(values, nameof(values));
        double[] edges = [.. Enumerable.Range(1, bins - 1).Select(k => sorted[(int)((long)k * sorted.Length / bins)]).Distinct()];
        return (Count(sorted, edges), Count(other, edges));
    }

    private static double[] Count(double[] values, double[] edges)
    {
        double[] counts = new double[edges.Length + 1];
        foreach (double value in values)
        {
            int at = Array.BinarySearch(edges, value);
            counts[at < 0 ? ~at : at + 1]++;
        }
        return counts;
    }

    private static (double, double) Totals(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
            throw new ArgumentException($"The two sides have {p.Length} and {q.Length} classes: compare distributions over the same classes.", nameof(q));
        double totalP = 0, totalQ = 0;
        for (int i = 0; i < p.Length; i++)
        {
            if (!(p[i] >= 0 && q[i] >= 0) || double.IsInfinity(p[i]) || double.IsInfinity(q[i]))
                throw new ArgumentException("Counts must be finite and not negative.", nameof(p));
            totalP += p[i];
            totalQ += q[i];
        }
        return totalP > 0 && totalQ > 0 ? (totalP, totalQ)
            : throw new ArgumentException("One side has no counts at all: there is nothing to compare yet.", nameof(p));
    }
}
