using Perenne.Cli.Hub;
using Perenne.Cli.Learn;
using Perenne.Inference;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;
using Detection = Perenne.Vision.Metrics.Detection;

namespace Perenne.Cli.Demo;

/// <summary>Measures model packages on images that nobody trains on: parts made for the exam, with their truth.</summary>
internal static class DemoExam
{
    private const double Loose = 0.33;

    /// <returns>Mean AP at IoU .33 over the classes that occur, in [0, 1]. A class that the model does not know counts as 0.</returns>
    public static double Score(string package, IReadOnlyList<(string File, DemoImage Image)> exam, IReadOnlyList<string> classes)
    {
        using Judge judge = Judge.Open(package);
        int[] numbers = [.. judge.Manifest.Classes.Select(c => classes.Index().Where(n => n.Item == c.Name).Select(n => n.Index).FirstOrDefault(-1))];
        List<GroundTruth> truth = [];
        List<Detection> found = [];
        foreach ((int i, (string file, DemoImage image)) in exam.Index())
        {
            truth.AddRange(image.Truth.Select(b => new GroundTruth(i, classes.Index().First(c => c.Item == b.Label).Index, new Box(b.X, b.Y, b.Width, b.Height), b.Width * b.Height, false)));
            Prediction answer = judge.Predict(file, null);
            found.AddRange(answer.Detections.Where(d => numbers[d.Class] >= 0).Select(d => new Detection(i, numbers[d.Class], d.Box, d.Score)));
        }

        return CocoEvaluation.Evaluate(
            [.. Enumerable.Range(0, exam.Count).Select(i => (long)i)], [.. Enumerable.Range(0, classes.Count).Select(i => (long)i)], truth.ToArray(), found.ToArray(),
            new CocoOptions { IouThresholds = [Loose] }).MeanAveragePrecision;
    }

    /// <summary>A model package as the hub gives it to stations.</summary>
    public static async Task DownloadAsync(HubClient hub, string project, int model, string folder, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in new[] { "model.json", "model.onnx" })
        {
            using HttpResponseMessage answer = await hub.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"{project}/models/{model}/{name}"), cancel);
            await using FileStream file = File.Create(Path.Combine(folder, name));
            await answer.Content.CopyToAsync(file, cancel);
        }
    }
}
