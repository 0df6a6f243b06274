using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Bench.Vision;

/// <summary>The baseline: COCO evaluation as its definition reads, one thread, lists and sorts per image, category, size and threshold. It shares no code with the library but the IoU of two boxes.</summary>
internal static class MetricsCocoTextbook
{
    private static readonly (double Low, double High)[] Areas = [(0, 1e10), (0, 1024), (1024, 9216), (9216, 1e10)];

    /// <summary>Mean AP of the four size groups, then AR at 100.</summary>
    public static double[] Evaluate(MetricsCocoData data)
    {
        double[] thresholds = [.. CocoOptions.Default.IouThresholds];
        var truth = data.Truth.ToLookup(g => (g.ImageId, g.CategoryId));
        var found = data.Detections.ToLookup(d => (d.ImageId, d.CategoryId));
        var figures = new List<double>();
        foreach ((double low, double high) in Areas)
        {
            List<double> precisions = [], recalls = [];
            foreach (long category in data.Categories)
            {
                var perImage = data.Images.Select(i => Match([.. truth[(i, category)]], [.. found[(i, category)]], low, high, thresholds)).ToList();
                Accumulate(perImage, thresholds.Length, precisions, recalls);
            }
            figures.Add(precisions.DefaultIfEmpty(-1).Average());
            figures.Add(recalls.DefaultIfEmpty(-1).Average());
        }
        return [.. figures];
    }

    private static ImageMatches Match(GroundTruth[] truth, Detection[] found, double low, double high, double[] thresholds)
    {
        var objects = truth.Select(g => (Object: g, Ignored: g.IsCrowd || g.Area < low || g.Area > high)).OrderBy(g => g.Ignored).ToArray();
        Detection[] detections = [.. found.OrderByDescending(d => d.Score).Take(100)];
        double[][] ious = [.. detections.Select(d => objects.Select(g => BoxIou.Of(d.Box, g.Object.Box, g.Object.IsCrowd)).ToArray())];
        var matched = new bool[thresholds.Length, detections.Length];
        var ignored = new bool[thresholds.Length, detections.Length];
        for (int t = 0; t < thresholds.Length; t++)
        {
            var taken = new bool[objects.Length];
            for (int d = 0; d < detections.Length; d++)
            {
                double best = Math.Min(thresholds[t], 1 - 1e-10);
                int match = -1;
                for (int g = 0; g < objects.Length; g++)
                {
                    if (taken[g] && !objects[g].Object.IsCrowd)
                        continue;
                    if (match > -1 && !objects[match].Ignored && objects[g].Ignored)
                        break;
                    if (ious[d][g] < best)
                        continue;
                    (best, match) = (ious[d][g], g);
                }
                if (match >= 0)
                    (matched[t, d], ignored[t, d], taken[match]) = (true, objects[match].Ignored, true);
                else
                    ignored[t, d] = detections[d].Box.Area < low || detections[d].Box.Area > high;
            }
        }
        return new ImageMatches([.. detections.Select(d => d.Score)], matched, ignored, objects.Count(g => !g.Ignored));
    }

    private static void Accumulate(List<ImageMatches> images, int thresholds, List<double> precisions, List<double> recalls)
    {
        int objects = images.Sum(i => i.Objects);
        if (objects == 0)
            return;
        var order = images.SelectMany(i => i.Scores.Select((score, d) => (i, d, score))).OrderByDescending(x => x.score).ToList();
        for (int t = 0; t < thresholds; t++)
        {
            List<double> recall = [], precision = [];
            int tp = 0, fp = 0;
            foreach ((ImageMatches i, int d, _) in order)
            {
                tp += i.Matched[t, d] && !i.Ignored[t, d] ? 1 : 0;
                fp += !i.Matched[t, d] && !i.Ignored[t, d] ? 1 : 0;
                recall.Add((double)tp / objects);
                precision.Add(tp / (fp + tp + 2.220446049250313e-16));
            }
            for (int i = precision.Count - 1; i > 0; i--)
                precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
            recalls.Add(recall.Count > 0 ? recall[^1] : 0);
            for (int r = 0; r <= 100; r++)
            {
                int at = recall.FindIndex(x => x >= (r == 100 ? 1 : r * 0.01));
                precisions.Add(at < 0 ? 0 : precision[at]);
            }
        }
    }

    private sealed record ImageMatches(double[] Scores, bool[,] Matched, bool[,] Ignored, int Objects);
}
