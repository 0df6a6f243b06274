using Perenne.Vision.Geometry;

namespace Perenne.Vision.Metrics;

/// <summary>How VOC turns a precision-recall curve into one number.</summary>
public enum VocRule
{
    /// <summary>From 2010 on: the area under the monotone envelope.</summary>
    Area,

    /// <summary>2007: the mean of the envelope at recall 0, 0.1 … 1.</summary>
    ElevenPoints,
}

/// <summary>Average precision of one category as PASCAL VOC defines it.</summary>
/// <param name="CategoryId">The category.</param>
/// <param name="AveragePrecision">In [0, 1]; NaN without an object that counts.</param>
public readonly record struct VocCategory(long CategoryId, double AveragePrecision);

/// <summary>PASCAL VOC detection metrics: inclusive pixel widths (+1), IoU above the threshold, each detection judged by the object it overlaps most, difficult objects (<see cref="GroundTruth.IsCrowd"/>) left out.</summary>
/// <remarks>Source: M. Everingham et al., "The PASCAL Visual Object Classes challenge", IJCV 88, 2010, section 4.2, and the development kit's <c>VOCevaldet</c>.</remarks>
public static class VocEvaluation
{
    /// <summary>AP per category, ascending by id; the categories are those of the objects.</summary>
    /// <param name="truth">The objects. Boxes are corner to corner in VOC's inclusive pixels: x = xmin, width = xmax - xmin.</param>
    /// <param name="detections">The detections, in the same coordinates.</param>
    /// <param name="rule">Area or 11 points.</param>
    /// <param name="iouThreshold">VOC: 0.5. An IoU must be above it.</param>
    public static VocCategory[] Evaluate(IReadOnlyList<GroundTruth> truth, IReadOnlyList<Detection> detections, VocRule rule = VocRule.Area, double iouThreshold = 0.5)
    {
        ILookup<long, Detection> found = detections.ToLookup(d => d.CategoryId);
        return [.. truth.GroupBy(g => g.CategoryId).OrderBy(g => g.Key)
            .Select(g => new VocCategory(g.Key, AveragePrecision([.. g], [.. found[g.Key]], rule, iouThreshold)))];
    }

    /// <summary>Mean over categories that have an AP; NaN without any.</summary>
    public static double Mean(IEnumerable<VocCategory> categories) =>
        categories.Select(c => c.AveragePrecision).Where(ap => !double.IsNaN(ap)).DefaultIfEmpty(double.NaN).Average();

    private static double AveragePrecision(GroundTruth[] truth, Detection[] detections, VocRule rule, double threshold)
    {
        int objects = truth.Count(g => !g.IsCrowd);
        if (objects == 0)
            return double.NaN;
        Dictionary<long, int[]> byImage = truth.Index().GroupBy(t => t.Item.ImageId).ToDictionary(g => g.Key, g => g.Select(t => t.Index).ToArray());
        var taken = new bool[truth.Length];
        List<(double Recall, double Precision)> curve = [];
        int found = 0, wrong = 0;
        foreach (Detection d in detections.OrderByDescending(d => d.Score))
        {
            (int best, double iou) = Best(d, byImage.GetValueOrDefault(d.ImageId, []), truth);
            if (best >= 0 && iou > threshold && truth[best].IsCrowd)
                continue;
            // A second detection of a found object is wrong.
            if (best >= 0 && iou > threshold && !taken[best])
                (taken[best], found) = (true, found + 1);
            else
                wrong++;
            curve.Add(((double)found / objects, (double)found / (found + wrong)));
        }
        return rule == VocRule.Area ? UnderEnvelope(curve) : AtElevenPoints(curve);
    }

    private static (int Object, double Iou) Best(Detection d, int[] candidates, GroundTruth[] truth)
    {
        int best = -1;
        double bestIou = double.NegativeInfinity;
        foreach (int g in candidates)
        {
            double iou = BoxIou.Of(Inclusive(d.Box), Inclusive(truth[g].Box));
            if (iou > bestIou)
                (best, bestIou) = (g, iou);
        }
        return (best, bestIou);
    }

    private static Box Inclusive(Box box) => box with { Width = box.Width + 1, Height = box.Height + 1 };

    private static double UnderEnvelope(List<(double Recall, double Precision)> curve)
    {
        double area = 0, envelope = 0;
        for (int i = curve.Count - 1; i >= 0; i--)
        {
            envelope = Math.Max(envelope, curve[i].Precision);
            area += (curve[i].Recall - (i == 0 ? 0 : curve[i - 1].Recall)) * envelope;
        }
        return area;
    }

    private static double AtElevenPoints(List<(double Recall, double Precision)> curve)
    {
        double sum = 0;
        for (int i = 0; i <= 10; i++)
            sum += curve.Where(p => p.Recall >= i / 10.0).Select(p => p.Precision).DefaultIfEmpty(0).Max();
        return sum / 11;
    }
}
