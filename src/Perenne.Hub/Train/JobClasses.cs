using System.Text.Json;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Hub.Datasets;
using Perenne.Vision.Geometry;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Train;

/// <summary>Which classes a run learns, and an image of the manifest as a sample with their numbers. Pure.</summary>
internal sealed class JobClasses
{
    /// <summary>The tag of images that were answered "no defect", for classification.</summary>
    public const string GoodTag = "no defect";

    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly ModelTask task;

    private JobClasses(ModelTask task, IReadOnlyList<ModelClass> classes, string remarks)
    {
        (this.task, Classes, Remarks) = (task, classes, remarks);
        foreach ((int index, ModelClass one) in classes.Index())
            numbers[one.Name] = index;
    }

    public IReadOnlyList<ModelClass> Classes { get; }

    public string Remarks { get; }

    public static JobClasses For(ModelTask task, DatasetStatistics statistics)
    {
        bool byShape = task is ModelTask.Detect or ModelTask.Segment;
        int InTrain(ClassStatistics c) => byShape ? c.Shapes.Train : c.Images.Train;
        List<ModelClass> classes = task == ModelTask.Regress ? [] : [.. statistics.Classes.Where(c => InTrain(c) > 0).Select(c => new ModelClass(c.Name, c.Id))];
        if (task == ModelTask.Classify && statistics.NoDefect.Train > 0)
            classes.Add(new ModelClass(GoodTag, null, null, IsGood: true));
        string without = task == ModelTask.Regress ? "" : string.Join(", ", statistics.Classes.Where(c => InTrain(c) == 0).Select(c => c.Name));
        return new(task, classes, without.Length == 0 ? "" : $"Left out, because train has no example of them: {without}.");
    }

    /// <summary>Why a run could not learn anything; null when it can.</summary>
    public static string? Problem(ModelTask task, DatasetStatistics s)
    {
        if (s.Images.All < 2)
            return $"The dataset version has {s.Images.All} image; at least 2 are needed, one to learn from and one to measure on. Annotate more images and make a new version.";
        if (s.Images.Train == 0)
            return "No image of the dataset version is in train. Take more images, or more groups of parts, into a new version.";
        if (s.Images.Validation + s.Images.Test == 0)
            return "No image of the dataset version is in validation or test: the result could not be measured. Take more images, or more groups of parts, into a new version.";
        if (task is ModelTask.Detect or ModelTask.Segment && s.Classes.All(c => c.Shapes.Train == 0))
            return "No image in train has a shape of any class. Annotate defects first, or choose another kind of model.";
        if (task == ModelTask.Classify && For(task, s).Classes.Count < 2)
            return "Classification needs at least two kinds of images in train: two tags, or one tag and images answered 'no defect'.";
        if (task == ModelTask.Regress && s.Values == 0)
            return "No image has a value. Annotate values first, or choose another kind of model.";
        return null;
    }

    public TrainingSample Sample(ManifestImage image, string path, string? reference) => new()
    {
        Id = image.Id.ToString(), Path = path, Reference = reference, Width = image.Width, Height = image.Height, Organization = image.Organization, Camera = image.Camera,
        Split = image.Split switch { Split.Train => SampleSplit.Train, Split.Validation => SampleSplit.Validation, _ => SampleSplit.Test },
        Shapes = task is ModelTask.Detect or ModelTask.Segment ? [.. image.Shapes.Select(Shape).OfType<SampleShape>()] : [],
        Tag = task == ModelTask.Classify ? TagOf(image) : null,
        Value = task == ModelTask.Regress ? ValueOf(image) : null,
    };

    private SampleShape? Shape(ManifestShape shape) => numbers.TryGetValue(shape.Label, out int number)
        ? new() { Class = number, Box = [shape.Box.X, shape.Box.Y, shape.Box.Width, shape.Box.Height], Polygon = Outline(shape) }
        : null;

    // Tags first; an image without one is classed by what was drawn on it.
    private int? TagOf(ManifestImage image)
    {
        IEnumerable<string> names = image.Tags is null ? image.Shapes.Select(s => s.Label) : JsonSerializer.Deserialize<string[]>(image.Tags)!;
        foreach (string name in names)
            if (numbers.TryGetValue(name, out int number))
                return number;
        return !image.IsDefective && numbers.TryGetValue(GoodTag, out int good) ? good : null;
    }

    private static double? ValueOf(ManifestImage image) => image.Values is null ? null : JsonSerializer.Deserialize<SortedDictionary<string, double>>(image.Values)!.Values.Cast<double?>().FirstOrDefault();

    private static double[]? Outline(ManifestShape shape)
    {
        switch (shape)
        {
            case { Kind: "polygon", Geometry: { } text }:
                // The outer ring; holes are the exception and a trainer's mask may fill them.
                return [.. JsonSerializer.Deserialize<double[][][]>(text)![0].SelectMany(p => p)];
            case { Kind: "rotatedBox", Geometry: { } text }:
                double[] r = JsonSerializer.Deserialize<double[]>(text)!;
                return [.. Corners.Of(new RotatedBox(r[0], r[1], r[2], r[3], r[4])).SelectMany(p => new[] { p.X, p.Y })];
            case { Kind: "mask", Geometry: { } text }:
                MaskRuns runs = JsonSerializer.Deserialize<MaskRuns>(text, JsonSerializerOptions.Web)!;
                PolygonShape traced = MaskTracer.Trace(MaskString.Decode(runs.Counts, runs.Size[1], runs.Size[0]));
                return traced.Rings.Length == 0 ? null : [.. traced.Rings.MaxBy(ring => ring.Length).SelectMany(p => new[] { p.X, p.Y })];
            default:
                return null;
        }
    }

    private sealed record MaskRuns(int[] Size, string Counts);
}
