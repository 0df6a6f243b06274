namespace Perenne.Imaging;

/// <summary>Median and median absolute deviation of one measure over a camera's accepted pictures.</summary>
public sealed record RobustBaseline(double Median, double Mad)
{
    /// <summary>Distance from the median in robust standard deviations (1.4826 · MAD), never finer than <paramref name="floor"/>.</summary>
    public double Deviation(double value, double floor) => (value - Median) / Math.Max(1.4826 * Mad, floor);

    public static RobustBaseline Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double median = Middle(all);
        return new RobustBaseline(median, Middle([.. all.Select(v => Math.Abs(v - median))]));
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        int n = values.Length;
        return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
    }
}
