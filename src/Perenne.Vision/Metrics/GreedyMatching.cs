using System.Runtime.InteropServices;

namespace Perenne.Vision.Metrics;

/// <summary>One detection of a <see cref="GreedyMatching"/>: what it was matched with.</summary>
/// <param name="Detection">Position in the input.</param>
/// <param name="Object">Position of the matched object in the input, -1 for none.</param>
/// <param name="Score">The detection's score.</param>
/// <param name="Iou">Overlap with the matched object; 0 for none.</param>
/// <param name="IsIgnored">Matched with a crowd or difficult object: counts neither way.</param>
public readonly record struct MatchedDetection(int Detection, int Object, double Score, double Iou, bool IsIgnored);

/// <summary>Greedy matching at one IoU threshold: by falling score, each detection takes the free object of its image it overlaps most. Crowd objects come last and match any number of times.</summary>
/// <remarks>The rule of COCO at one threshold and all sizes; without classes on request, for confusion matrices.</remarks>
public static class GreedyMatching
{
    /// <summary>Matches all images.</summary>
    /// <param name="truth">The objects.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="iouThreshold">In (0, 1].</param>
    /// <param name="sameCategory">Whether a detection may only take an object of its category.</param>
    /// <param name="overlap">What overlaps: boxes, masks (every object and detection needs one) or rotated boxes.</param>
    /// <returns>One entry per detection, by falling score (as given among equals).</returns>
    public static MatchedDetection[] Match(ReadOnlySpan<GroundTruth> truth, ReadOnlySpan<Detection> detections, double iouThreshold, bool sameCategory = true, OverlapKind overlap = OverlapKind.Box)
    {
        if (!(iouThreshold is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(iouThreshold), iouThreshold, "The IoU threshold lies in (0, 1].");
        CocoOverlap overlaps = CocoOverlap.Create(overlap, truth.ToArray(), detections.ToArray());
        Dictionary<long, List<int>> byImage = ByImage(truth);
        double[] ious = [];
        var taken = new bool[truth.Length];
        int[] order = ByScore(detections);
        var matches = new MatchedDetection[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ref readonly Detection d = ref detections[order[i]];
            matches[i] = new MatchedDetection(order[i], -1, d.Score, 0, false);
            if (!byImage.TryGetValue(d.ImageId, out List<int>? all))
                continue;
            ReadOnlySpan<int> candidates = CollectionsMarshal.AsSpan(all);
            if (ious.Length < candidates.Length)
                ious = new double[candidates.Length];
            overlaps.Row(order[i], candidates, ious);
            long? category = sameCategory ? d.CategoryId : null;
            int best = Best(candidates, ious, truth, taken, category, iouThreshold, crowd: false);
            if (best < 0)
                best = Best(candidates, ious, truth, taken, category, iouThreshold, crowd: true);
            if (best < 0)
                continue;
            int found = candidates[best];
            taken[found] = true;
            matches[i] = new MatchedDetection(order[i], found, d.Score, ious[best], truth[found].IsCrowd);
        }
        return matches;
    }

    /// <summary>Position among the candidates, -1 for none.</summary>
    private static int Best(ReadOnlySpan<int> candidates, ReadOnlySpan<double> ious, ReadOnlySpan<GroundTruth> truth, bool[] taken, long? category, double threshold, bool crowd)
    {
        int best = -1;
        double bestIou = Math.Min(threshold, 1 - 1e-10);
        for (int c = 0; c < candidates.Length; c++)
        {
            ref readonly GroundTruth o = ref truth[candidates[c]];
            if (o.IsCrowd != crowd || (taken[candidates[c]] && !crowd) || (category is { } wanted && o.CategoryId != wanted))
                continue;
            if (ious[c] >= bestIou)
                (best, bestIou) = (c, ious[c]);
        }
        return best;
    }

    private static Dictionary<long, List<int>> ByImage(ReadOnlySpan<GroundTruth> truth)
    {
        var byImage = new Dictionary<long, List<int>>();
        for (int i = 0; i < truth.Length; i++)
        {
            if (!byImage.TryGetValue(truth[i].ImageId, out List<int>? list))
                byImage.Add(truth[i].ImageId, list = []);
            list.Add(i);
        }
        return byImage;
    }

    private static int[] ByScore(ReadOnlySpan<Detection> detections)
    {
        var scores = new double[detections.Length];
        var order = new int[detections.Length];
        for (int i = 0; i < order.Length; i++)
            (scores[i], order[i]) = (detections[i].Score, i);
        StableOrder.Descending(scores, order);
        return order;
    }
}
