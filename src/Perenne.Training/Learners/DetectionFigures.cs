using Perenne.Contracts.Jobs;
using Perenne.Training.Boxes;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Training.Learners;

/// <summary>Figures of detections against annotated samples.</summary>
internal static class DetectionFigures
{
    /// <summary>Scores below this are not worth a place in a precision-recall curve.</summary>
    public const double Floor = 0.01;

    private static readonly CocoOptions Loose = new() { IouThresholds = [0.33] };

    public static Figures Of(IReadOnlyList<TrainingSample> samples, List<Detection> found, int classes)
    {
        GroundTruth[] truth = Truth(samples);
        Detection[] detections = [.. found];
        long[] categories = [.. Enumerable.Range(0, classes).Select(c => (long)c)];
        IEnumerable<long> images = Enumerable.Range(0, samples.Count).Select(i => (long)i);
        double loose = CocoEvaluation.Evaluate(images, categories, truth, detections, Loose).MeanAveragePrecision;
        IReadOnlyList<double> coco = CocoEvaluation.Evaluate(images, categories, truth, detections).Stats();
        double best = PrecisionRecall.BestF1(PrecisionRecall.Curve(truth, detections, 0.33))?.F1 ?? 0;
        // -1 is COCO's "nothing to count".
        Dictionary<string, double> values = new() { ["mAP@.33"] = loose, ["maxF@.33"] = best, ["mAP@.5"] = coco[1], ["mAP@.75"] = coco[2], ["mAP"] = coco[0] };
        foreach (string key in values.Where(v => v.Value < 0).Select(v => v.Key).ToArray())
            values.Remove(key);
        // A well found but badly placed box should not win over a well placed one: the strict figure breaks near ties.
        return new Figures(loose + 0.2 * Math.Max(coco[0], 0), values);
    }

    /// <summary>Of the first samples, what is likelier than not to be shown: scores from a tenth on.</summary>
    public static IReadOnlyList<SampleAnswer> Answers(IReadOnlyList<TrainingSample> samples, IReadOnlyList<Detection> found)
    {
        ILookup<long, Detection> byImage = found.Where(d => d.Score >= 0.1).ToLookup(d => d.ImageId);
        return [.. samples.Take(Figures.MostAnswers).Select((s, i) => new SampleAnswer
        {
            Id = s.Id,
            Found = [.. byImage[i].OrderByDescending(d => d.Score).Take(Figures.MostBoxes).Select(d => new AnsweredBox((int)d.CategoryId, Math.Round(d.Score, 3), [Math.Round(d.Box.X, 1), Math.Round(d.Box.Y, 1), Math.Round(d.Box.Width, 1), Math.Round(d.Box.Height, 1)]))],
        })];
    }

    public static GroundTruth[] Truth(IReadOnlyList<TrainingSample> samples) =>
        [.. samples.SelectMany((s, i) => s.Shapes.Select(d => new GroundTruth(i, d.Class, BoxOf(d), d.Box[2] * d.Box[3], d.Ignore)))];

    private static Box BoxOf(SampleShape shape) => new(shape.Box[0], shape.Box[1], shape.Box[2], shape.Box[3]);
}
