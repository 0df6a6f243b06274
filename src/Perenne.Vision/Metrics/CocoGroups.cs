namespace Perenne.Vision.Metrics;

/// <summary>One image × category: ranges in the orders of <see cref="CocoGroups"/>. Detections beyond the limit are not in it.</summary>
internal readonly record struct CocoGroup(int Category, int Image, int TruthStart, int TruthEnd, int DetectionStart, int DetectionEnd);

/// <summary>Objects and detections ordered by category, then image; detections then by falling score, as given among equals.</summary>
internal sealed class CocoGroups
{
    public required int[] TruthOrder { get; init; }

    public required int[] DetectionOrder { get; init; }

    /// <summary>Scores in <see cref="DetectionOrder"/>.</summary>
    public required double[] Scores { get; init; }

    /// <summary>All groups that hold anything, by category, then image.</summary>
    public required CocoGroup[] All { get; init; }

    /// <summary>The groups of category k are [CategoryStart[k], CategoryStart[k + 1]).</summary>
    public required int[] CategoryStart { get; init; }

    public static CocoGroups Build(long[] images, long[] categories, ReadOnlySpan<GroundTruth> truth, ReadOnlySpan<Detection> detections, int limit)
    {
        Dictionary<long, int> imageIndex = Index(images), categoryIndex = Index(categories);
        var truthKeys = new Key[truth.Length];
        for (int i = 0; i < truth.Length; i++)
            truthKeys[i] = KeyOf(truth[i].ImageId, truth[i].CategoryId, imageIndex, categoryIndex, "object", i);
        var detectionKeys = new Key[detections.Length];
        for (int i = 0; i < detections.Length; i++)
        {
            if (!double.IsFinite(detections[i].Score))
                throw new ArgumentException($"Detection {i} has the score {detections[i].Score}; scores are finite numbers.");
            detectionKeys[i] = KeyOf(detections[i].ImageId, detections[i].CategoryId, imageIndex, categoryIndex, "detection", i);
        }
        int[] truthOrder = StableOrder.ByKeys(truthKeys, images.Length, categories.Length);
        int[] detectionOrder = StableOrder.ByKeys(detectionKeys, images.Length, categories.Length);
        var scores = new double[detectionOrder.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = detections[detectionOrder[i]].Score;
        CocoGroup[] groups = Ranges(truthOrder, truthKeys, detectionOrder, detectionKeys);
        SortByScore(groups, scores, detectionOrder, limit);
        return new CocoGroups
        {
            TruthOrder = truthOrder,
            DetectionOrder = detectionOrder,
            Scores = scores,
            All = groups,
            CategoryStart = Starts(groups, categories.Length),
        };
    }

    private static Dictionary<long, int> Index(long[] ids)
    {
        var index = new Dictionary<long, int>(ids.Length);
        for (int i = 0; i < ids.Length; i++)
            index.Add(ids[i], i);
        return index;
    }

    private static Key KeyOf(long image, long category, Dictionary<long, int> images, Dictionary<long, int> categories, string what, int position)
    {
        if (!images.TryGetValue(image, out int imageIndex))
            throw new ArgumentException($"The {what} at position {position} is on image {image}, which is not among the evaluated images.");
        return new Key(categories.GetValueOrDefault(category, -1), imageIndex);
    }

    private static CocoGroup[] Ranges(int[] truthOrder, Key[] truthKeys, int[] detectionOrder, Key[] detectionKeys)
    {
        var groups = new List<CocoGroup>(truthOrder.Length);
        int t = 0, d = 0;
        while (t < truthOrder.Length || d < detectionOrder.Length)
        {
            Key key = t == truthOrder.Length ? detectionKeys[detectionOrder[d]]
                : d == detectionOrder.Length ? truthKeys[truthOrder[t]]
                : Key.Smaller(truthKeys[truthOrder[t]], detectionKeys[detectionOrder[d]]);
            (int truthStart, int detectionStart) = (t, d);
            while (t < truthOrder.Length && truthKeys[truthOrder[t]] == key)
                t++;
            while (d < detectionOrder.Length && detectionKeys[detectionOrder[d]] == key)
                d++;
            groups.Add(new CocoGroup(key.Category, key.Image, truthStart, t, detectionStart, d));
        }
        return [.. groups];
    }

    private static void SortByScore(CocoGroup[] groups, double[] scores, int[] order, int limit) => Parallel.For(0, groups.Length, i =>
    {
        CocoGroup group = groups[i];
        int length = group.DetectionEnd - group.DetectionStart;
        StableOrder.Descending(scores.AsSpan(group.DetectionStart, length), order.AsSpan(group.DetectionStart, length));
        groups[i] = group with { DetectionEnd = group.DetectionStart + Math.Min(length, limit) };
    });

    private static int[] Starts(CocoGroup[] groups, int categories)
    {
        var starts = new int[categories + 1];
        foreach (CocoGroup group in groups)
            starts[group.Category + 1]++;
        for (int k = 0; k < categories; k++)
            starts[k + 1] += starts[k];
        return starts;
    }
}

/// <summary>Category (-1: not evaluated) and image, as positions in their sorted ids.</summary>
internal readonly record struct Key(int Category, int Image)
{
    public static Key Smaller(Key a, Key b) => (a.Category != b.Category ? a.Category < b.Category : a.Image < b.Image) ? a : b;
}
