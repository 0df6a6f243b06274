using System.Numerics.Tensors;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Sampling;

/// <summary>Chooses vectors that cover the whole set: each next one is the farthest from all chosen (Gonzalez 1985; core-set selection, Sener and Savarese 2018).</summary>
public static class KCenterGreedy
{
    /// <summary>The chosen rows in order of choice; the covering radius is at most twice the best possible.</summary>
    /// <param name="features">n × d.</param>
    /// <param name="count">How many to choose; all when there are fewer.</param>
    /// <param name="seed">Decides the first one where nothing is chosen yet.</param>
    /// <param name="alreadyChosen">Rows that are covered already, for example the annotated ones; not returned.</param>
    /// <remarks>Time O(n·d·(count + already chosen)), memory O(n).</remarks>
    public static int[] Select(FeatureMatrix features, int count, ulong seed, IReadOnlyCollection<int>? alreadyChosen = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[] distance = new double[features.Rows];
        Array.Fill(distance, double.PositiveInfinity);
        bool[] taken = new bool[features.Rows];
        foreach (int row in alreadyChosen ?? [])
            Take(features, row, distance, taken);
        int free = taken.Count(t => !t);
        List<int> chosen = [];
        while (chosen.Count < Math.Min(count, free))
        {
            int next = chosen.Count == 0 && free == features.Rows ? new SeededRandom(seed).Next(features.Rows)
                : Enumerable.Range(0, features.Rows).Where(i => !taken[i]).MaxBy(i => distance[i]);
            Take(features, next, distance, taken);
            chosen.Add(next);
        }
        return [.. chosen];
    }

    private static void Take(FeatureMatrix features, int row, double[] distance, bool[] taken)
    {
        taken[row] = true;
        ReadOnlySpan<double> centre = features.Row(row);
        for (int i = 0; i < distance.Length; i++)
            distance[i] = Math.Min(distance[i], TensorPrimitives.Distance(features.Row(i), centre));
    }
}
