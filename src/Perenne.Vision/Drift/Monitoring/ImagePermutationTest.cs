using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>
/// Whether two windows show the same classes, with the image as the unit: defects of one image come together (one bad part has many), so that a G-test on
/// single detections is far too sure. The G statistic is compared with that of random exchanges of whole images.
/// </summary>
public static class ImagePermutationTest
{
    /// <summary>The test on detections per class.</summary>
    /// <param name="reference">Per image, the count of each class; all equally long.</param>
    /// <param name="current">The same for the other window.</param>
    /// <param name="permutations">B &gt;= 1; the smallest p value is 1/(1+B).</param>
    /// <param name="seed">Same seed, same p value.</param>
    /// <returns>Null where a window has no image, or there are fewer than two classes: then only the number of detections can differ.</returns>
    public static TwoSampleResult? Classes(IReadOnlyList<int[]> reference, IReadOnlyList<int[]> current, int permutations, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        int[][] all = [.. reference, .. current];
        int classes = all.Length == 0 ? 0 : all[0].Length;
        if (all.Any(row => row.Length != classes))
            throw new ArgumentException("Every image needs a count for the same classes.", nameof(current));
        double[] totals = new double[classes];
        foreach (int[] row in all)
            for (int c = 0; c < classes; c++)
                totals[c] += row[c];
        if (reference.Count == 0 || current.Count == 0 || totals.Count(t => t > 0) < 2)
            return null;
        double[] sums = new double[classes];
        double observed = Statistic(all.AsSpan(reference.Count), totals, sums), tie = 1e-9 * (1 + observed);
        SeededRandom random = new(seed);
        int atLeast = 0;
        for (int b = 0; b < permutations; b++)
        {
            random.Shuffle(all.AsSpan());
            atLeast += Statistic(all.AsSpan(reference.Count), totals, sums) >= observed - tie ? 1 : 0;
        }
        return new TwoSampleResult(observed, (1.0 + atLeast) / (1 + permutations));
    }

    private static double Statistic(ReadOnlySpan<int[]> window, double[] totals, double[] sums)
    {
        Array.Clear(sums);
        foreach (int[] row in window)
            for (int c = 0; c < row.Length; c++)
                sums[c] += row[c];
        double inside = sums.Sum(), all = totals.Sum(), g = 0;
        for (int c = 0; c < sums.Length; c++)
            g += Term(sums[c], totals[c] * inside / all) + Term(totals[c] - sums[c], totals[c] * (all - inside) / all);
        return 2 * g;
    }

    private static double Term(double observed, double expected) => observed == 0 || expected == 0 ? 0 : observed * Math.Log(observed / expected);
}
