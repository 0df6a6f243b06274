namespace Perenne.Vision.Statistics;

/// <summary>Ranks with ties shared: equal values all get the mean of the ranks they occupy.</summary>
public static class Ranks
{
    /// <summary>Ranks (from 1) of <paramref name="values"/> in their given order, and the sum over groups of ties of t³ − t.</summary>
    public static (double[] Ranks, double TieSum) Average(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] ranks = new double[order.Length];
        double tieSum = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end].Equals(sorted[start]);)
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + end + 1) / 2.0;
            double ties = end - start;
            tieSum += ties * ties * ties - ties;
        }
        return (ranks, tieSum);
    }
}
