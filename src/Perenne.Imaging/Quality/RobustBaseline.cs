namespace Perenne.Imaging;

/// <summary>Median and median absolute deviation of one measure over a camera's accepted pictures.</summary>
/// <param name="Spread">
/// Width from the 10th to the 90th percentile over 2.563 (both 1 for a normal distribution). Where a camera sees two kinds of parts, half of the
/// pictures may agree exactly: MAD is then 0 and would flag the other kind.
/// </param>
public sealed record RobustBaseline(double Median, double Mad, double Spread)
{
    /// <summary>Distance from the median in robust standard deviations (1.4826 · MAD or the spread), never finer than <paramref name="floor"/>.</summary>
    public double Deviation(double value, double floor) => (value - Median) / Math.Max(Math.Max(1.4826 * Mad, Spread), floor);

    public static RobustBaseline Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double median = Middle(all);
        double spread = all.Length == 0 ? 0 : (all[(int)Math.Round(.9 * (all.Length - 1))] - all[(int)Math.Round(.1 * (all.Length - 1))]) / 2.563;
        return new RobustBaseline(median, Middle([.. all.Select(v => Math.Abs(v - median))]), spread);
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        int n = values.Length;
        return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
    }
}
