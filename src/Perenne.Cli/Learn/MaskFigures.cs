using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Inference;

namespace Perenne.Cli.Learn;

/// <summary>Intersection over union per class over all pixels of all images.</summary>
internal static class MaskFigures
{
    public static EvaluationFigures Of(ModelManifest manifest, string split, IReadOnlyList<TrainingSample> samples, IReadOnlyList<Prediction> answers)
    {
        long[] both = new long[manifest.Classes.Count + 1], either = new long[manifest.Classes.Count + 1];
        for (int i = 0; i < samples.Count; i++)
            Count(samples[i], answers[i].Mask!, both, either);
        Dictionary<string, IReadOnlyDictionary<string, double>> classes = [];
        for (int c = 1; c < both.Length; c++)
            if (either[c] > 0)
                classes[manifest.Classes[c - 1].Name] = new Dictionary<string, double> { ["IoU"] = (double)both[c] / either[c] };
        Dictionary<string, double> metrics = classes.Count == 0 ? [] : new() { ["mIoU"] = classes.Values.Average(v => v["IoU"]) };
        return new EvaluationFigures(manifest.Name, split, samples.Count, metrics, classes, EvaluationFigures.Inspect(samples, answers));
    }

    private static void Count(TrainingSample sample, ClassMask mask, long[] both, long[] either)
    {
        for (int y = 0; y < mask.Height; y++)
            for (int x = 0; x < mask.Width; x++)
            {
                int truth = 0;
                bool ignore = false;
                foreach (SampleShape shape in sample.Shapes)
                    if (Covers(shape, x + 0.5, y + 0.5))
                        (truth, ignore) = (shape.Class + 1, shape.Ignore);
                int said = mask.Classes[y * mask.Width + x];
                if (ignore)
                    continue;
                either[truth]++;
                if (said == truth)
                    both[truth]++;
                else
                    either[said]++;
            }
    }

    private static bool Covers(SampleShape shape, double x, double y)
    {
        if (x < shape.Box[0] || y < shape.Box[1] || x >= shape.Box[0] + shape.Box[2] || y >= shape.Box[1] + shape.Box[3])
            return false;
        if (shape.Polygon is not { Count: >= 6 } ring)
            return true;
        bool inside = false;
        for (int i = 0, j = ring.Count - 2; i < ring.Count; j = i, i += 2)
            if ((ring[i + 1] > y) != (ring[j + 1] > y) && x < (ring[j] - ring[i]) * (y - ring[i + 1]) / (ring[j + 1] - ring[i + 1]) + ring[i])
                inside = !inside;
        return inside;
    }
}
