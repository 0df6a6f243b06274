using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Vision.Metrics;

namespace Perenne.Training.Learners;

/// <summary>Thresholds of highest F1, overall and per class, and Platt scaling on the scores' logits, all on the validation samples.</summary>
internal sealed record ScoreFit(double Threshold, IReadOnlyList<double?> Thresholds, ScoreCalibration? Calibration)
{
    private const double Iou = 0.33;
    private const int Enough = 20;

    public static ScoreFit Of(IReadOnlyList<TrainingSample> samples, List<Detection> found, int classes)
    {
        GroundTruth[] truth = DetectionFigures.Truth(samples);
        Detection[] detections = [.. found];
        double overall = Best(truth, detections) ?? 0.4;
        double?[] perClass = [.. Enumerable.Range(0, classes).Select(c => truth.Count(t => t.CategoryId == c) < 5 ? null
            : Best([.. truth.Where(t => t.CategoryId == c)], [.. detections.Where(d => d.CategoryId == c)]))];
        ScoreCalibration? calibration = Calibrate(truth, detections);
        // Thresholds are compared with calibrated scores.
        double Calibrated(double score) => calibration is { } c ? Math.Clamp(1 / (1 + Math.Exp(-c.A * Logit(score) - c.B)), 0.001, 0.999) : score;
        return new ScoreFit(Calibrated(overall), [.. perClass.Select(t => t is { } score ? Calibrated(score) : (double?)null)], calibration);
    }

    private static double? Best(GroundTruth[] truth, Detection[] detections) =>
        PrecisionRecall.BestF1(PrecisionRecall.Curve(truth, detections, Iou)) is { F1: > 0 } best ? Math.Clamp(Math.Round(best.Threshold - 5e-5, 4), 0.01, 0.99) : null;

    private static ScoreCalibration? Calibrate(GroundTruth[] truth, Detection[] detections)
    {
        MatchedDetection[] matches = [.. GreedyMatching.Match(truth, detections, Iou).Where(m => !m.IsIgnored)];
        if (matches.Length < Enough || matches.All(m => m.Object >= 0) || matches.All(m => m.Object < 0))
            return null;
        double[] logits = [.. matches.Select(m => Logit(m.Score))];
        PlattScaling fit = PlattScaling.Fit(logits, [.. matches.Select(m => m.Object >= 0)]);
        return fit.Slope < 0 ? new ScoreCalibration(-fit.Slope, -fit.Offset) : null;
    }

    private static double Logit(double score) => Math.Log(Math.Clamp(score, 1e-6, 1 - 1e-6) / (1 - Math.Clamp(score, 1e-6, 1 - 1e-6)));
}
