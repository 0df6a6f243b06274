using Perenne.Contracts.Models;
using Perenne.Vision.Metrics;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Evaluate;

/// <summary>All figures of an evaluation from what was found image by image. Pure.</summary>
internal static class FigureBuilder
{
    private const int CurvePoints = 120, Resamples = 1000;
    private const ulong Seed = 20260101;

    private static readonly string[] RateNames = ["F1", "precision", "recall"];

    public static EvaluationFigures Build(
        ModelManifest model, IReadOnlyList<ImageResult> results, IReadOnlyList<string> unreadable, IReadOnlyList<string> unknown, IReadOnlyList<RobustnessPoint> robustness, double imagesPerSecond)
    {
        Dictionary<string, int> errors = Enum.GetValues<ErrorKind>().ToDictionary(k => k.ToString(), k => results.Sum(r => r.Errors.Count(e => e.Kind == k)));
        EvaluationFigures none = new(results.Count, results.Count(r => r.IsDefective), results.Count(r => !r.IsDefective), results.Sum(r => r.Truth.Count), results.Sum(r => r.Found.Count(f => f.Counts)),
            unreadable, unknown, new Dictionary<string, Figure>(), [], [], [], [], [], [], [], null, null, robustness, errors, imagesPerSecond);
        return model.Task switch
        {
            ModelTask.Classify => TagFigures.Build(model, results, none),
            ModelTask.Regress => TagFigures.BuildValues(results, none),
            _ => Boxes(model, results, none),
        };
    }

    private static EvaluationFigures Boxes(ModelManifest model, IReadOnlyList<ImageResult> results, EvaluationFigures none)
    {
        GroundTruth[] truth = [.. results.SelectMany((r, i) => r.Truth.Select(t => GroundTruth.OfBox(i, t.Class, t.Box)))];
        Detection[] found = [.. results.SelectMany((r, i) => r.Found.Select(f => new Detection(i, f.Class, f.Box, f.Score)))];
        long[] images = [.. Enumerable.Range(0, results.Count).Select(i => (long)i)], classes = [.. Enumerable.Range(0, model.Classes.Count).Select(i => (long)i)];
        CocoResult coco = CocoEvaluation.Evaluate(images, classes, truth, found);
        CocoResult loose = CocoEvaluation.Evaluate(images, classes, truth, found, new CocoOptions { IouThresholds = [1 / 3d] });
        Detection[] shown = [.. found.Where(d => d.Score >= ErrorFinder.Weak)];
        OperatingPoint[] curve = PrecisionRecall.Curve(truth, shown);
        MatchedDetection[] matches = GreedyMatching.Match(truth, shown, ErrorFinder.Iou);
        (double[] scores, bool[] right) = ([.. matches.Where(m => !m.IsIgnored).Select(m => Math.Clamp(m.Score, 0, 1))], [.. matches.Where(m => !m.IsIgnored).Select(m => m.Object >= 0)]);
        JudgedImage[] judged = [.. results.Select((r, i) => new JudgedImage(i, r.IsDefective, Margin(r)))];
        return none with
        {
            Headline = Headline(results, judged, coco, loose),
            Coco = [.. coco.Stats()],
            Classes = [.. model.Classes.Select((c, k) => Class(c, k, coco, loose, results, [.. truth.Where(t => t.CategoryId == k)], [.. found.Where(d => d.CategoryId == k)]))],
            Curve = [.. Thinned(curve).Select(p => new CurvePoint(p.Threshold, Number(p.Precision), Number(p.Recall), Number(p.F1)))],
            Inspection = [.. Thinned([.. InspectionRates.Curve(results.Select((r, i) => new JudgedImage(i, r.IsDefective, Best(r)))).Skip(1)]).Select(p => new InspectionPoint(p.Threshold, p.EscapeRate ?? 0, p.OverkillRate ?? 0))],
            Slices = [.. SliceBuilder.Of(results, judged)],
            Confusion = Confusion(model, results),
            Calibration = scores.Length == 0 ? [] : [.. Reliability.Curve(scores, right, 10).Select(b => new CalibrationBin(b.Low, b.High, b.Count, Finite(b.MeanScore), Finite(b.HitRate)))],
            CalibrationError = scores.Length == 0 ? null : Finite(Reliability.ExpectedError(scores, right, 10)),
            Brier = scores.Length == 0 ? null : Finite(Reliability.Brier(scores, right)),
        };
    }

    private static Dictionary<string, Figure> Headline(IReadOnlyList<ImageResult> results, JudgedImage[] judged, CocoResult coco, CocoResult loose)
    {
        Dictionary<string, Figure> all = [];
        double?[] Rates(int[] drawn)
        {
            long tp = 0, fp = 0, fn = 0;
            for (int i = 0; i < drawn.Length; i++)
                (tp, fp, fn) = (tp + (drawn[i] * results[i].TruePositives), fp + (drawn[i] * results[i].FalsePositives), fn + (drawn[i] * results[i].FalseNegatives));
            return [Ratio(2 * tp, (2 * tp) + fp + fn), Ratio(tp, tp + fp), Ratio(tp, tp + fn)];
        }

        int[] once = new int[results.Count];
        Array.Fill(once, 1);
        double?[] values = Rates(once);
        Interval?[] intervals = PercentileBootstrap.OfMany(results.Count, 3, Rates, Resamples, 0.95, Seed);
        foreach ((int i, string name) in RateNames.Index())
            if (values[i] is { } value)
                all[name] = new(value, intervals[i]?.Low, intervals[i]?.High);
        double[] loosened = [.. loose.Categories.Select((_, k) => loose.AveragePrecisionOf(k)).Where(ap => ap >= 0)];
        if (loosened.Length > 0)
            all["mAP@.33"] = new(loosened.Average());
        if (coco.Stats()[1] >= 0)
            all["mAP@.5"] = new(coco.Stats()[1]);
        if (coco.MeanAveragePrecision >= 0)
            all["mAP"] = new(coco.MeanAveragePrecision);
        InspectionRates rates = InspectionRates.At(judged, 0);
        (Interval? escape, Interval? overkill) = InspectionRates.Intervals(judged, 0, Seed, Resamples);
        if (rates.EscapeRate is { } escaped)
            all["escape"] = new(escaped, escape?.Low, escape?.High);
        if (rates.OverkillRate is { } overkilled)
            all["overkill"] = new(overkilled, overkill?.Low, overkill?.High);
        return all;
    }

    private static ClassFigures Class(ModelClass one, int k, CocoResult coco, CocoResult loose, IReadOnlyList<ImageResult> results, GroundTruth[] truth, Detection[] found)
    {
        // At the thresholds the model came with.
        Detection[] kept = [.. results.SelectMany((r, i) => r.Found.Where(f => f.Class == k && f.Counts).Select(f => new Detection(i, k, f.Box, f.Score)))];
        int hit = GreedyMatching.Match(truth, kept, ErrorFinder.Iou).Count(m => m.Object >= 0);
        OperatingPoint? best = PrecisionRecall.BestF1(PrecisionRecall.Curve(truth, found));
        double[] precisions = truth.Length == 0 ? [] : [.. Enumerable.Range(0, 21).Select(i => coco.PrecisionCurve(k, 0)[i * 5])];
        return new(one.Name, truth.Length, Counted(coco.AveragePrecisionOf(k)), Counted(coco.AveragePrecisionOf(k, 0)), Counted(loose.AveragePrecisionOf(k)), Ratio(hit, kept.Length), Ratio(hit, truth.Length),
            Ratio(2 * hit, kept.Length + truth.Length), best?.Threshold, precisions);
    }

    private static List<IReadOnlyList<int>> Confusion(ModelManifest model, IReadOnlyList<ImageResult> results)
    {
        ConfusionMatrix matrix = ConfusionMatrix.OfDetections(
            [.. results.SelectMany((r, i) => r.Truth.Select(t => GroundTruth.OfBox(i, t.Class, t.Box)))], [.. results.SelectMany((r, i) => r.Found.Where(f => f.Counts).Select(f => new Detection(i, f.Class, f.Box, f.Score)))], 0);
        int n = model.Classes.Count;
        int[][] counts = [.. Enumerable.Range(0, n + 1).Select(_ => new int[n + 1])];
        int Position(int at) => at == matrix.Background ? n : (int)matrix.Categories[at];
        for (int a = 0; a <= matrix.Background; a++)
            for (int p = 0; p <= matrix.Background; p++)
                counts[Position(a)][Position(p)] += matrix[a, p];
        return [.. counts];
    }

    // Every class has its own threshold: an image is rejected exactly when a detection counts.
    private static double Margin(ImageResult r) => r.Found.Any(f => f.Counts) ? 1 : -1;

    private static double Best(ImageResult r) => r.Found.Where(f => f.Score >= ErrorFinder.Weak).Select(f => f.Score).DefaultIfEmpty(double.NegativeInfinity).Max();

    private static IEnumerable<T> Thinned<T>(T[] points) => points.Length <= CurvePoints ? points : Enumerable.Range(0, CurvePoints).Select(i => points[(int)((long)i * (points.Length - 1) / (CurvePoints - 1))]);

    internal static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;

    private static double? Counted(double ap) => ap < 0 ? null : ap;

    private static double Number(double value) => double.IsFinite(value) ? value : 0;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
