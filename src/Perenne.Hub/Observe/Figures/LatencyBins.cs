namespace Perenne.Hub.Observe;

/// <summary>
/// A histogram of latencies that can be added up: 8 bins per doubling from 0.25 ms, so a quantile read from it is right within 4.5 %.
/// </summary>
/// <param name="Counts">By bin; shorter than <see cref="Count"/> where the rest is 0.</param>
internal sealed record LatencyBins(int[] Counts)
{
    public const int Count = 144;
    public const double Least = 0.25;
    private const int PerDoubling = 8;

    public static int Of(double milliseconds) => Math.Clamp((int)Math.Floor(PerDoubling * Math.Log2(Math.Max(milliseconds, Least) / Least)), 0, Count - 1);

    public long Total => Counts.Sum(c => (long)c);

    public static LatencyBins Sum(IEnumerable<LatencyBins> all)
    {
        int[] sum = new int[Count];
        foreach (LatencyBins bins in all)
            for (int i = 0; i < bins.Counts.Length; i++)
                sum[i] += bins.Counts[i];
        return new(sum);
    }

    /// <summary>Milliseconds: the middle (geometric) of the bin in which the quantile lies; null without observations.</summary>
    public double? Quantile(double share)
    {
        double left = share * Total;
        for (int i = 0; i < Counts.Length; i++)
        {
            left -= Counts[i];
            if (Counts[i] > 0 && left <= 0)
                return Least * Math.Pow(2, (i + 0.5) / PerDoubling);
        }

        return null;
    }

    /// <summary>How many lie above a bound; the bound's own bin counts as below.</summary>
    public long Above(double milliseconds) => Counts.Skip(Of(milliseconds) + 1).Sum(c => (long)c);
}
