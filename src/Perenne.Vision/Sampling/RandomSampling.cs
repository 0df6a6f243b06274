using Perenne.Vision.Statistics;

namespace Perenne.Vision.Sampling;

/// <summary>Seeded random choices. All return indices, ascending, and the same ones for the same seed.</summary>
public static class RandomSampling
{
    /// <summary>A simple random sample without replacement.</summary>
    /// <param name="population">How many there are to choose from.</param>
    /// <param name="count">How many to choose; all when there are fewer.</param>
    /// <param name="seed">Same seed, same sample.</param>
    public static int[] Simple(int population, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(population);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = [.. Enumerable.Range(0, population)];
        new SeededRandom(seed).Shuffle<int>(order);
        return [.. order.Take(count).Order()];
    }

    /// <summary>A sample in which every stratum has its proportional share (largest remainders; Hamilton's method).</summary>
    /// <param name="strata">The stratum of each element, for example organization and label class.</param>
    /// <param name="count">How many to choose; all when there are fewer.</param>
    /// <param name="seed">Same seed, same sample, whatever the order in which strata first occur.</param>
    /// <param name="atLeastOne">Gives every stratum one element first where <paramref name="count"/> allows, so that rare classes are seen.</param>
    public static int[] Stratified(IReadOnlyList<string> strata, int count, ulong seed, bool atLeastOne = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        count = Math.Min(count, strata.Count);
        int[][] groups = [.. Enumerable.Range(0, strata.Count).GroupBy(i => strata[i]).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())];
        int[] shares = Allocation.Proportional([.. groups.Select(g => g.Length)], count, atLeastOne && count >= groups.Length);
        return [.. groups.SelectMany((group, k) =>
        {
            new SeededRandom(seed, (ulong)k).Shuffle<int>(group);
            return group.Take(shares[k]);
        }).Order()];
    }

    /// <summary>A uniform sample of a stream of unknown length in one pass with memory for the sample only (Vitter's algorithm R, 1985).</summary>
    /// <param name="stream">Read once.</param>
    /// <param name="count">How many to keep; all when the stream is shorter.</param>
    /// <param name="seed">Same seed and stream, same sample.</param>
    public static T[] Reservoir<T>(IEnumerable<T> stream, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        SeededRandom random = new(seed);
        List<T> kept = new(Math.Min(count, 1024));
        int seen = 0;
        foreach (T item in stream)
        {
            seen++;
            if (kept.Count < count)
                kept.Add(item);
            else if (count > 0 && random.Next(seen) is var at && at < count)
                kept[at] = item;
        }
        return [.. kept];
    }
}
