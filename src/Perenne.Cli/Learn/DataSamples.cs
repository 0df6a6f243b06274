using Perenne.Cli.Commands;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Formats;
using Perenne.Vision.Geometry;

namespace Perenne.Cli.Learn;

/// <summary>A data folder as training samples. Paths are relative to <see cref="Root"/>.</summary>
internal sealed record DataSamples(string Root, string Format, IReadOnlyList<ModelClass> Classes, IReadOnlyList<TrainingSample> Samples)
{
    /// <param name="path">Data folder, or an annotation file.</param>
    /// <param name="format">Format, or auto.</param>
    /// <param name="task">Which annotations are taken.</param>
    /// <param name="referenceFolder">Folder of the defect-free images, same names as the images; relative to the data folder.</param>
    /// <exception cref="CommandException">Nothing usable.</exception>
    public static async Task<DataSamples> ReadAsync(string path, string format, ModelTask task, string referenceFolder, CancellationToken cancellation)
    {
        string root = Path.GetFullPath(File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path);
        string? detected = format == "auto" ? DatasetFormats.Detect(path)?.Format : format;
        if (detected is null)
            throw new CommandException($"{path}: no known format was recognised; name it with --format ({string.Join(", ", DatasetFormats.All.Select(f => f.Name))}).");
        await using DatasetReader reader = await DatasetFormats.OpenAsync(detected, path, new ReadOptions(), cancellation);
        List<string> classes = [.. reader.Header.Classes.Select(c => c.Name)];
        List<TrainingSample> samples = [];
        List<string> missing = [];
        await foreach (AnnotatedImage image in reader.ReadAsync(cancellation))
        {
            if (image.ImagePath is null || image.Size is null)
                missing.Add(image.FileName);
            // What nobody has looked at is no image without defects.
            else if (image.Answer is ImageAnswer.Annotated or ImageAnswer.NoDefect)
                samples.Add(SampleOf(image, image.ImagePath, image.Size.Value, root, task, classes, referenceFolder));
        }
        if (missing.Count > 0)
            throw new CommandException($"{missing.Count} images of the data set are not on the disk or not readable, first {missing[0]}. Put them beside the annotations.");
        if (samples.Count == 0)
            throw new CommandException($"{path} holds no annotated image.");
        return new DataSamples(root, detected, task == ModelTask.Regress ? [] : [.. classes.Select(c => new ModelClass(c))], samples);
    }

    private static TrainingSample SampleOf(AnnotatedImage image, string file, ImageSize size, string root, ModelTask task, List<string> classes, string referenceFolder)
    {
        string relative = Path.GetRelativePath(root, file);
        string reference = Path.Combine(referenceFolder, relative);
        AnnotationRecord? tag = image.Annotations.FirstOrDefault(a => a.Shape is null && a.Value is null && a.Label is not null);
        return new TrainingSample
        {
            Id = Path.ChangeExtension(image.FileName, null),
            Path = relative,
            Reference = File.Exists(Path.Combine(root, reference)) ? reference : null,
            Split = SplitOf(image.Split),
            Width = size.Width,
            Height = size.Height,
            Shapes = task is ModelTask.Detect or ModelTask.Segment ? [.. image.Annotations.Select(a => ShapeOf(a, task, classes)).OfType<SampleShape>()] : [],
            Tag = task == ModelTask.Classify && tag is not null ? ClassOf(tag.Label!, classes) : null,
            Value = task == ModelTask.Regress ? image.Annotations.FirstOrDefault(a => a.Value is not null)?.Value : null,
        };
    }

    private static SampleSplit SplitOf(string? name) => name?.ToLowerInvariant() switch
    {
        "val" or "valid" or "validation" => SampleSplit.Validation,
        { } n when n.StartsWith("test", StringComparison.Ordinal) => SampleSplit.Test,
        _ => SampleSplit.Train,
    };

    private static SampleShape? ShapeOf(AnnotationRecord annotation, ModelTask task, List<string> classes)
    {
        if (annotation.Shape is null || annotation.Label is null || ShapeBounds.Of(annotation.Shape) is not { } box)
            return null;
        return new SampleShape
        {
            Class = ClassOf(annotation.Label, classes),
            Box = [box.X, box.Y, box.Width, box.Height],
            Polygon = task == ModelTask.Segment ? Outline.Of(annotation.Shape) : null,
            Ignore = annotation.IsCrowd || annotation.Difficult,
        };
    }

    private static int ClassOf(string label, List<string> classes)
    {
        int index = classes.IndexOf(label);
        if (index >= 0)
            return index;
        classes.Add(label);
        return classes.Count - 1;
    }
}
