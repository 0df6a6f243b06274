namespace Perenne.Vision.Metrics;

/// <summary>Which class was taken for which, with "background" for what is not there or not found.</summary>
/// <remarks>Boxes (or masks, or rotated boxes) are matched regardless of class at one IoU threshold by falling score, so that a wrong class is a confusion and not a miss plus a false alarm. Crowd objects and what matches them are left out.</remarks>
public sealed class ConfusionMatrix
{
    private readonly int[,] counts;

    private ConfusionMatrix(IReadOnlyList<long> categories)
    {
        Categories = categories;
        counts = new int[categories.Count + 1, categories.Count + 1];
    }

    /// <summary>The classes, ascending; position <see cref="Background"/> stands for none.</summary>
    public IReadOnlyList<long> Categories { get; }

    /// <summary>Position of "background" in rows and columns.</summary>
    public int Background => Categories.Count;

    /// <summary>How often something that is <paramref name="actual"/> was called <paramref name="predicted"/> (positions).</summary>
    public int this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>Counts confusions of detections with a score of at least <paramref name="scoreThreshold"/>.</summary>
    /// <param name="truth">The objects.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="scoreThreshold">Smallest kept score.</param>
    /// <param name="iouThreshold">In (0, 1].</param>
    /// <param name="overlap">What overlaps.</param>
    public static ConfusionMatrix OfDetections(IReadOnlyList<GroundTruth> truth, IReadOnlyList<Detection> detections, double scoreThreshold, double iouThreshold = 0.5, OverlapKind overlap = OverlapKind.Box)
    {
        GroundTruth[] objects = [.. truth];
        Detection[] kept = [.. detections.Where(d => d.Score >= scoreThreshold)];
        var matrix = new ConfusionMatrix([.. objects.Select(g => g.CategoryId).Concat(kept.Select(d => d.CategoryId)).Distinct().Order()]);
        Dictionary<long, int> position = matrix.Categories.Index().ToDictionary(c => c.Item, c => c.Index);
        var found = new bool[objects.Length];
        foreach (MatchedDetection match in GreedyMatching.Match(objects, kept, iouThreshold, sameCategory: false, overlap))
        {
            if (match.IsIgnored)
                continue;
            int actual = match.Object < 0 ? matrix.Background : position[objects[match.Object].CategoryId];
            matrix.counts[actual, position[kept[match.Detection].CategoryId]]++;
            if (match.Object >= 0)
                found[match.Object] = true;
        }
        foreach ((int i, GroundTruth o) in objects.Index())
            if (!found[i] && !o.IsCrowd)
                matrix.counts[position[o.CategoryId], matrix.Background]++;
        return matrix;
    }
}
