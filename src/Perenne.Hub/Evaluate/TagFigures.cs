using Perenne.Contracts.Models;
using Perenne.Vision.Metrics;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Evaluate;

/// <summary>Figures of models that answer with one tag or one value per image. Pure.</summary>
internal static class TagFigures
{
    private const int Resamples = 1000;
    private const ulong Seed = 20260101;

    public static EvaluationFigures Build(ModelManifest model, IReadOnlyList<ImageResult> all, EvaluationFigures none)
    {
        ImageResult[] results = [.. all.Where(r => r.Tag is not null && r.Scores is { Count: > 0 })];
        if (results.Length == 0)
            return none;
        int[] actual = [.. results.Select(r => r.Tag!.Value)], said = [.. results.Select(r => r.Scores!.Index().MaxBy(s => s.Item).Index)];
        bool[] right = [.. actual.Zip(said, (a, s) => a == s)];
        double[] scores = [.. results.Select(r => Math.Clamp(r.Scores!.Max(), 0, 1))];
        int n = model.Classes.Count;
        int[][] confusion = [.. Enumerable.Range(0, n + 1).Select(_ => new int[n + 1])];
        for (int i = 0; i < actual.Length; i++)
            confusion[actual[i]][said[i]]++;
        Interval? accuracy = PercentileBootstrap.Of(results.Length, drawn => Weighted(right, drawn), Resamples, 0.95, Seed);
        return none with
        {
            Headline = new Dictionary<string, Figure>
            {
                ["accuracy"] = new(Classification.Accuracy(actual, said), accuracy?.Low, accuracy?.High), ["macro F1"] = new(Classification.MacroF1(actual, said)),
            },
            Confusion = confusion,
            Classes = [.. model.Classes.Select((c, k) => Class(c.Name, k, confusion))],
            Calibration = [.. Reliability.Curve(scores, right, 10).Select(b => new CalibrationBin(b.Low, b.High, b.Count, Finite(b.MeanScore), Finite(b.HitRate)))],
            CalibrationError = Reliability.ExpectedError(scores, right, 10),
            Brier = Reliability.Brier(scores, right),
        };
    }

    public static EvaluationFigures BuildValues(IReadOnlyList<ImageResult> all, EvaluationFigures none)
    {
        ImageResult[] results = [.. all.Where(r => r.Value is not null && r.Predicted is { } p && double.IsFinite(p))];
        if (results.Length == 0)
            return none;
        double[] actual = [.. results.Select(r => r.Value!.Value)], said = [.. results.Select(r => r.Predicted!.Value)];
        Regression figures = Regression.Of(actual, said);
        Dictionary<string, Figure> headline = new() { ["mean error"] = new(figures.MeanAbsoluteError), ["RMS error"] = new(figures.RootMeanSquareError) };
        if (figures.RSquared is { } r2)
            headline["R²"] = new(r2);
        return none with { Headline = headline };
    }

    private static ClassFigures Class(string name, int k, int[][] confusion)
    {
        int hit = confusion[k][k], objects = confusion[k].Sum(), said = confusion.Sum(row => row[k]);
        return new(name, objects, null, null, null, FigureBuilder.Ratio(hit, said), FigureBuilder.Ratio(hit, objects), FigureBuilder.Ratio(2 * hit, said + objects), null, []);
    }

    private static double? Weighted(bool[] right, int[] drawn)
    {
        int sum = 0, all = 0;
        for (int i = 0; i < drawn.Length; i++)
            (sum, all) = (sum + (right[i] ? drawn[i] : 0), all + drawn[i]);
        return all == 0 ? null : (double)sum / all;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
