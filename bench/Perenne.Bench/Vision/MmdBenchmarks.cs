using BenchmarkDotNet.Attributes;
using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Bench.Vision;

/// <summary>MMD² on 500 × 500 vectors of 32 features with 999 permutations, against the textbook loop over the same kernel matrix.</summary>
[MinColumn]
public class MmdBenchmarks
{
    private const int Rows = 500, Columns = 32, Permutations = 999;
    private readonly FeatureMatrix reference = Normal(1), current = Normal(2);

    [Benchmark]
    public double Perenne() => MaximumMeanDiscrepancy.Test(reference, current, new MmdOptions(7, Permutations)).PValue;

    [Benchmark]
    public double PerenneOneThread() => MaximumMeanDiscrepancy.Test(reference, current, new MmdOptions(7, Permutations, MaxThreads: 1)).PValue;

    /// <summary>Kernel once, then per permutation a shuffled index and three sums over all pairs.</summary>
    [Benchmark(Baseline = true)]
    public double Straightforward()
    {
        double[][] pooled = [.. Enumerable.Range(0, 2 * Rows).Select(i => (i < Rows ? reference.Row(i) : current.Row(i - Rows)).ToArray())];
        double[] distances = [.. from i in Enumerable.Range(0, pooled.Length) from j in Enumerable.Range(0, i) select Squared(pooled[i], pooled[j])];
        Array.Sort(distances);
        double median = distances[distances.Length / 2];
        double[][] kernel = [.. pooled.Select(a => pooled.Select(b => Math.Exp(-Squared(a, b) / (2 * median))).ToArray())];
        int[] order = [.. Enumerable.Range(0, pooled.Length)];
        double observed = Statistic(kernel, order);
        Random random = new(7);
        int atLeast = 0;
        for (int b = 0; b < Permutations; b++)
        {
            random.Shuffle(order);
            if (Statistic(kernel, order) >= observed)
                atLeast++;
        }
        return (1.0 + atLeast) / (1 + Permutations);
    }

    private static double Statistic(double[][] kernel, int[] order)
    {
        double xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < order.Length; i++)
            for (int j = 0; j < order.Length; j++)
            {
                double value = kernel[order[i]][order[j]];
                if (i < Rows && j < Rows)
                    xx += i == j ? 0 : value;
                else if (i >= Rows && j >= Rows)
                    yy += i == j ? 0 : value;
                else if (i < j)
                    xy += value;
            }
        return (xx + yy) / (Rows * (Rows - 1.0)) - 2 * xy / (Rows * (double)Rows);
    }

    private static double Squared(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static FeatureMatrix Normal(ulong seed)
    {
        SeededRandom random = new(seed);
        return new FeatureMatrix(Rows, Columns, [.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextNormal())]);
    }
}
