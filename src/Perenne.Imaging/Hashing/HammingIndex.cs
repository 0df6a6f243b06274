namespace Perenne.Imaging;

/// <summary>
/// All hashes within a small Hamming radius (multi-index hashing, Norouzi et al. 2012): with four 16-bit parts, a pair within radius r shares a
/// part up to r/4 bits. Exact for every radius up to <see cref="MaxRadius"/>.
/// </summary>
public sealed class HammingIndex<TKey>
{
    public const int MaxRadius = 11;

    private readonly Dictionary<ushort, List<int>>[] parts = [[], [], [], []];
    private readonly List<(PerceptualHash Hash, TKey Key)> items = [];

    public int Count => items.Count;

    public void Add(PerceptualHash hash, TKey key)
    {
        for (int p = 0; p < 4; p++)
        {
            ushort part = Part(hash, p);
            if (!parts[p].TryGetValue(part, out List<int>? list))
                parts[p][part] = list = [];
            list.Add(items.Count);
        }
        items.Add((hash, key));
    }

    /// <summary>Keys with their distance, nearest first.</summary>
    public IReadOnlyList<(TKey Key, int Distance)> Within(PerceptualHash hash, int radius)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, MaxRadius);
        HashSet<int> seen = [];
        List<(TKey, int)> found = [];
        for (int p = 0; p < 4; p++)
            foreach (ushort part in Around(Part(hash, p), radius / 4))
                foreach (int i in parts[p].GetValueOrDefault(part) ?? [])
                    if (seen.Add(i) && items[i].Hash.Distance(hash) is var d && d <= radius)
                        found.Add((items[i].Key, d));
        return [.. found.OrderBy(f => f.Item2)];
    }

    private static ushort Part(PerceptualHash hash, int part) => (ushort)(hash.Bits >> (16 * part));

    private static IEnumerable<ushort> Around(ushort part, int bits)
    {
        yield return part;
        for (int i = 0; bits > 0 && i < 16; i++)
        {
            yield return (ushort)(part ^ 1 << i);
            for (int j = i + 1; bits > 1 && j < 16; j++)
                yield return (ushort)(part ^ 1 << i ^ 1 << j);
        }
    }
}
