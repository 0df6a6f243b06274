namespace Perenne.Vision.Metrics;

/// <summary>Stable orders in linear time where keys are small, by insertion or a tagged sort where they are scores.</summary>
internal static class StableOrder
{
    /// <summary>Positions of the keys with a category, by category, then image, then position: two counting sorts.</summary>
    public static int[] ByKeys(Key[] keys, int images, int categories)
    {
        var kept = new int[keys.Length];
        int count = 0;
        for (int i = 0; i < keys.Length; i++)
            if (keys[i].Category >= 0)
                kept[count++] = i;
        int[] byImage = Counting(kept.AsSpan(0, count), images, i => keys[i].Image);
        return Counting(byImage, categories, i => keys[i].Category);
    }

    /// <summary>Sorts scores in falling order together with their items; equals keep their order.</summary>
    public static void Descending(Span<double> scores, Span<int> items)
    {
        if (scores.Length > 32)
        {
            DescendingLarge(scores, items);
            return;
        }
        for (int i = 1; i < scores.Length; i++)
        {
            double score = scores[i];
            int item = items[i], at = i;
            for (; at > 0 && scores[at - 1] < score; at--)
                (scores[at], items[at]) = (scores[at - 1], items[at - 1]);
            (scores[at], items[at]) = (score, item);
        }
    }

    private static void DescendingLarge(Span<double> scores, Span<int> items)
    {
        var tagged = new Tagged[scores.Length];
        for (int i = 0; i < tagged.Length; i++)
            tagged[i] = new Tagged(scores[i], i, items[i]);
        Array.Sort(tagged);
        for (int i = 0; i < tagged.Length; i++)
            (scores[i], items[i]) = (tagged[i].Score, tagged[i].Item);
    }

    private static int[] Counting(ReadOnlySpan<int> items, int buckets, Func<int, int> bucketOf)
    {
        var starts = new int[buckets + 1];
        foreach (int item in items)
            starts[bucketOf(item) + 1]++;
        for (int b = 0; b < buckets; b++)
            starts[b + 1] += starts[b];
        var sorted = new int[items.Length];
        foreach (int item in items)
            sorted[starts[bucketOf(item)]++] = item;
        return sorted;
    }

    private readonly record struct Tagged(double Score, int Position, int Item) : IComparable<Tagged>
    {
        public int CompareTo(Tagged other) => Score != other.Score ? other.Score.CompareTo(Score) : Position.CompareTo(other.Position);
    }
}
