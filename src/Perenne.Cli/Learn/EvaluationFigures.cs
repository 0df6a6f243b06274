using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Inference;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;
using Detection = Perenne.Vision.Metrics.Detection;

namespace Perenne.Cli.Learn;

/// <summary>Good and bad images at the package's thresholds.</summary>
internal sealed record InspectionCounts(int Defective, int Escaped, int Good, int Overkilled)
{
    public double? EscapeRate => Defective == 0 ? null : (double)Escaped / Defective;

    public double? OverkillRate => Good == 0 ? null : (double)Overkilled / Good;
}

/// <summary>What <c>perenne evaluate</c> prints. Figures that are not defined (a class without objects) are left out.</summary>
internal sealed record EvaluationFigures(string Model, string Split, int Images, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Classes, InspectionCounts? Inspection)
{
    private const double Loose = 0.33;

    public static EvaluationFigures Of(ModelManifest manifest, string split, IReadOnlyList<TrainingSample> samples, IReadOnlyList<Prediction> answers) => manifest.Task switch
    {
        ModelTask.Classify => OfTags(manifest, split, samples, answers),
        ModelTask.Regress => OfValues(manifest, split, samples, answers),
        ModelTask.Segment => MaskFigures.Of(manifest, split, samples, answers),
        _ => OfBoxes(manifest, split, samples, answers),
    };

    internal static InspectionCounts Inspect(IReadOnlyList<TrainingSample> samples, IReadOnlyList<Prediction> answers)
    {
        (bool Bad, bool Rejected)[] judged = [.. samples.Zip(answers, (s, a) => (s.Shapes.Count > 0, a.Verdict == Contracts.Observations.Verdict.NotOk))];
        return new InspectionCounts(judged.Count(j => j.Bad), judged.Count(j => j.Bad && !j.Rejected), judged.Count(j => !j.Bad), judged.Count(j => !j.Bad && j.Rejected));
    }

    private static EvaluationFigures OfBoxes(ModelManifest manifest, string split, IReadOnlyList<TrainingSample> samples, IReadOnlyList<Prediction> answers)
    {
        GroundTruth[] truth = [.. samples.SelectMany((s, i) => s.Shapes.Select(d => new GroundTruth(i, d.Class, new Box(d.Box[0], d.Box[1], d.Box[2], d.Box[3]), d.Box[2] * d.Box[3], d.Ignore)))];
        Detection[] found = [.. answers.SelectMany((a, i) => a.Detections.Select(d => new Detection(i, d.Class, d.Box, d.Score)))];
        long[] images = [.. Enumerable.Range(0, samples.Count).Select(i => (long)i)], categories = [.. Enumerable.Range(0, manifest.Classes.Count).Select(i => (long)i)];
        CocoResult loose = CocoEvaluation.Evaluate(images, categories, truth, found, new CocoOptions { IouThresholds = [Loose] });
        CocoResult coco = CocoEvaluation.Evaluate(images, categories, truth, found);
        OperatingPoint? best = PrecisionRecall.BestF1(PrecisionRecall.Curve(truth, found, Loose));
        IReadOnlyList<double> stats = coco.Stats();
        string[] names = ["mAP", "mAP@.5", "mAP@.75", "mAP small", "mAP medium", "mAP large", "AR@1", "AR@10", "AR@100", "AR small", "AR medium", "AR large"];
        Dictionary<string, double> metrics = Defined([("mAP@.33", loose.MeanAveragePrecision), ("maxF@.33", best?.F1 ?? -1), ("maxF threshold", best?.Threshold ?? -1), .. names.Zip(stats)]);
        Dictionary<string, IReadOnlyDictionary<string, double>> classes = [];
        for (int c = 0; c < manifest.Classes.Count; c++)
            classes[manifest.Classes[c].Name] = Defined([("AP@.33", loose.AveragePrecisionOf(c)), ("AP@.5", coco.AveragePrecisionOf(c, 0)), ("AP@.75", coco.AveragePrecisionOf(c, 5)), ("AP", coco.AveragePrecisionOf(c)), ("threshold", manifest.Classes[c].Threshold ?? manifest.Threshold)]);
        return new EvaluationFigures(manifest.Name, split, samples.Count, metrics, classes, Inspect(samples, answers));
    }

    private static EvaluationFigures OfTags(ModelManifest manifest, string split, IReadOnlyList<TrainingSample> samples, IReadOnlyList<Prediction> answers)
    {
        int[] truth = [.. samples.Select(s => s.Tag!.Value)], said = [.. answers.Select(a => a.Tags.Index().MaxBy(t => t.Item).Index)];
        return new EvaluationFigures(manifest.Name, split, samples.Count, Defined([("accuracy", Classification.Accuracy(truth, said)), ("macroF1", Classification.MacroF1(truth, said))]), new Dictionary<string, IReadOnlyDictionary<string, double>>(), null);
    }

    private static EvaluationFigures OfValues(ModelManifest manifest, string split, IReadOnlyList<TrainingSample> samples, IReadOnlyList<Prediction> answers)
    {
        Regression errors = Regression.Of([.. samples.Select(s => s.Value!.Value)], [.. answers.Select(a => a.Value!.Value)]);
        Dictionary<string, double> metrics = new() { ["mae"] = errors.MeanAbsoluteError, ["rmse"] = errors.RootMeanSquareError };
        if (errors.RSquared is { } r)
            metrics["r2"] = r;
        return new EvaluationFigures(manifest.Name, split, samples.Count, metrics, new Dictionary<string, IReadOnlyDictionary<string, double>>(), null);
    }

    // -1 is COCO's "nothing to count".
    private static Dictionary<string, double> Defined(IEnumerable<(string Name, double Value)> figures) => figures.Where(f => f.Value >= 0).ToDictionary(f => f.Name, f => f.Value);
}
