namespace Perenne.Vision.Drift;

internal static class Samples
{
    public static double[] Sorted(ReadOnlySpan<double> values, string name)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A sample is empty: a comparison needs at least one value on each side.", name);
        double[] sorted = values.ToArray();
        foreach (double value in sorted)
            if (!double.IsFinite(value))
                throw new ArgumentException("A sample holds a value that is not a finite number: leave such measurements out before comparing.", name);
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Walks the merged values and gives, after each group of equal values, how many of a and of b are at most this value, and the gap to the next.</summary>
    public static IEnumerable<(int CountA, int CountB, double Gap)> Steps(double[] a, double[] b)
    {
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            double value = j >= b.Length || i < a.Length && a[i] <= b[j] ? a[i] : b[j];
            while (i < a.Length && a[i] <= value)
                i++;
            while (j < b.Length && b[j] <= value)
                j++;
            double next = Math.Min(i < a.Length ? a[i] : double.PositiveInfinity, j < b.Length ? b[j] : double.PositiveInfinity);
            yield return (i, j, double.IsInfinity(next) ? 0 : next - value);
        }
    }
}
