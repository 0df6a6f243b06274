namespace Perenne.Vision.Metrics;

/// <summary>Precision and recall when every detection with a score of at least <see cref="Threshold"/> is kept.</summary>
/// <param name="Threshold">Smallest kept score.</param>
/// <param name="TruePositives">Kept detections that found an object.</param>
/// <param name="FalsePositives">Kept detections that found none.</param>
/// <param name="FalseNegatives">Objects not found.</param>
public readonly record struct OperatingPoint(double Threshold, int TruePositives, int FalsePositives, int FalseNegatives)
{
    /// <summary>True among kept detections; NaN when none is kept.</summary>
    public double Precision => (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>Found among objects; NaN without objects.</summary>
    public double Recall => (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>Harmonic mean of precision and recall, 2TP / (2TP + FP + FN); NaN where nothing counts.</summary>
    public double F1 => 2.0 * TruePositives / (2.0 * TruePositives + FalsePositives + FalseNegatives);
}

/// <summary>Precision, recall and F1 against the score threshold, at one IoU threshold.</summary>
public static class PrecisionRecall
{
    /// <summary>One point per different score, by falling threshold: the curve from "keep nothing but the surest" to "keep all".</summary>
    /// <param name="truth">The objects; crowd ones are not counted.</param>
    /// <param name="detections">The detections.</param>
    /// <param name="iouThreshold">In (0, 1].</param>
    /// <param name="overlap">What overlaps.</param>
    public static OperatingPoint[] Curve(ReadOnlySpan<GroundTruth> truth, ReadOnlySpan<Detection> detections, double iouThreshold = 0.5, OverlapKind overlap = OverlapKind.Box)
    {
        int objects = 0;
        foreach (ref readonly GroundTruth o in truth)
            objects += o.IsCrowd ? 0 : 1;
        MatchedDetection[] matches = GreedyMatching.Match(truth, detections, iouThreshold, sameCategory: true, overlap);
        var curve = new List<OperatingPoint>();
        int found = 0, wrong = 0;
        for (int i = 0; i < matches.Length; i++)
        {
            if (!matches[i].IsIgnored)
                _ = matches[i].Object >= 0 ? found++ : wrong++;
            if (i + 1 == matches.Length || matches[i + 1].Score != matches[i].Score)
                curve.Add(new OperatingPoint(matches[i].Score, found, wrong, objects - found));
        }
        return [.. curve];
    }

    /// <summary>The point of the highest F1, the higher threshold among equals; <c>null</c> where no point has one.</summary>
    public static OperatingPoint? BestF1(IEnumerable<OperatingPoint> curve)
    {
        OperatingPoint? best = null;
        foreach (OperatingPoint point in curve)
            if (!double.IsNaN(point.F1) && (best is null || point.F1 > best.Value.F1 || (point.F1 == best.Value.F1 && point.Threshold > best.Value.Threshold)))
                best = point;
        return best;
    }
}
