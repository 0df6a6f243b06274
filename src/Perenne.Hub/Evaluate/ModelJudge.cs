using System.Text.Json;
using Perenne.Contracts.Models;
using Perenne.Hub.Datasets;
using Perenne.Hub.Shared.Blobs;
using Perenne.Imaging;
using Perenne.Inference;

namespace Perenne.Hub.Evaluate;

/// <summary>Runs a model over images of a manifest.</summary>
internal sealed class ModelJudge(ModelSession session, IBlobStore blobs)
{
    private const int RobustnessSample = 32;

    private readonly List<(PixelBuffer Image, PixelBuffer? Reference)> kept = [];
    private readonly List<ImageResult> keptResults = [];

    public IReadOnlyList<RobustnessPoint> Robustness { get; private set; } = [];

    /// <summary>Names in the annotations that the model does not know: their objects are not counted.</summary>
    public SortedSet<string> UnknownClasses { get; } = new(StringComparer.Ordinal);

    /// <param name="reference">The defect-free image of the same part, for models that take one.</param>
    /// <returns>Null: the file (or its reference) cannot be read as a picture, or the model asks for a reference and there is none.</returns>
    public async Task<ImageResult?> JudgeAsync(ManifestImage image, PoolFile? reference, bool keepForRobustness, CancellationToken cancel)
    {
        if (await PixelSource.LoadAsync(blobs, image.OrganizationId, image.ContentHash, cancel) is not { } pixels)
            return null;
        PixelBuffer? clean = reference is null ? null : await PixelSource.LoadAsync(blobs, reference.OrganizationId, reference.ContentHash, cancel);
        bool isKept = false;
        try
        {
            if (session.Manifest.Input.Reference && (clean is null || (clean.Width, clean.Height) != (pixels.Width, pixels.Height)))
                return null;
            ImageResult result = Judge(image, pixels, clean);
            isKept = keepForRobustness && kept.Count < RobustnessSample && session.Manifest.Task == ModelTask.Detect && Perturbation.Takes(pixels) && (clean is null || Perturbation.Takes(clean));
            if (isKept)
            {
                kept.Add((pixels, clean));
                keptResults.Add(result);
            }

            return result;
        }
        finally
        {
            if (!isKept)
            {
                pixels.Dispose();
                clean?.Dispose();
            }
        }
    }

    /// <summary>F1 of the sample as it is and under each perturbation.</summary>
    public async Task MeasureRobustnessAsync(Func<Task> alive, CancellationToken cancel)
    {
        if (kept.Count == 0)
            return;
        List<RobustnessPoint> points = [new("none", 0, F1(keptResults))];
        foreach (Perturbation one in Perturbation.All)
        {
            cancel.ThrowIfCancellationRequested();
            await alive();
            List<ImageResult> results = [];
            for (int i = 0; i < kept.Count; i++)
            {
                using PixelBuffer changed = one.Apply(kept[i].Image, (ulong)i);
                // The reference stays as it was taken; only another scale must be the same for both.
                using PixelBuffer? scaled = one.Kind == "scale" && kept[i].Reference is { } clean ? one.Apply(clean, (ulong)i) : null;
                (double scale, double shift) = one.Geometry;
                TrueObject[] truth = [.. keptResults[i].Truth.Select(t => new TrueObject(t.Class, (t.X * scale) + shift, (t.Y * scale) + shift, t.Width * scale, t.Height * scale))
                    .Where(t => t.X + (t.Width / 2) < changed.Width && t.Y + (t.Height / 2) < changed.Height)];
                results.Add(ErrorFinder.Judge(keptResults[i] with { Truth = truth, Found = Found(session.Predict(changed, scaled ?? kept[i].Reference)) }));
            }

            points.Add(new(one.Kind, one.Level, F1(results)));
        }

        Robustness = points;
        foreach ((PixelBuffer image, PixelBuffer? reference) in kept)
        {
            image.Dispose();
            reference?.Dispose();
        }

        kept.Clear();
    }

    private ImageResult Judge(ManifestImage image, PixelBuffer pixels, PixelBuffer? reference)
    {
        Prediction said = session.Predict(pixels, session.Manifest.Input.Reference ? reference : null);
        ModelManifest model = session.Manifest;
        ImageResult result = new(image.Id, image.FileName, image.Organization, image.Camera, image.Width, image.Height, BrightnessOf(pixels), image.IsDefective,
            model.Task is ModelTask.Detect or ModelTask.Segment ? [.. image.Shapes.Select(Truth).OfType<TrueObject>()] : [], Found(said),
            model.Task == ModelTask.Classify ? TagOf(image) : null, said.Tags.Count > 0 ? said.Tags : null,
            model.Task == ModelTask.Regress && image.Values is not null ? JsonSerializer.Deserialize<SortedDictionary<string, double>>(image.Values)!.Values.First() : null, said.Value);
        return model.Task == ModelTask.Classify ? ErrorFinder.JudgeTag(result) : ErrorFinder.Judge(result);
    }

    private TrueObject? Truth(ManifestShape shape)
    {
        int k = ClassOf(shape.Label);
        return k < 0 ? null : new(k, shape.Box.X, shape.Box.Y, shape.Box.Width, shape.Box.Height);
    }

    private int? TagOf(ManifestImage image)
    {
        IEnumerable<string> names = image.Tags is null ? image.Shapes.Select(s => s.Label) : JsonSerializer.Deserialize<string[]>(image.Tags)!;
        foreach (string name in names)
            if (ClassOf(name) is >= 0 and int k)
                return k;
        return !image.IsDefective && session.Manifest.Classes.Index().FirstOrDefault(c => c.Item.IsGood, (-1, null!)).Index is >= 0 and int good ? good : null;
    }

    private int ClassOf(string label)
    {
        foreach ((int index, ModelClass one) in session.Manifest.Classes.Index())
            if (one.Name == label)
                return index;
        UnknownClasses.Add(label);
        return -1;
    }

    private static FoundObject[] Found(Prediction said) => [.. said.Detections.Select(d => new FoundObject(d.Class, d.Score, d.Box.X, d.Box.Y, d.Box.Width, d.Box.Height, d.Counts))];

    private static double F1(IEnumerable<ImageResult> results)
    {
        List<ImageResult> all = [.. results];
        return FigureBuilder.Ratio(2L * all.Sum(r => r.TruePositives), (2L * all.Sum(r => r.TruePositives)) + all.Sum(r => r.Wrong)) ?? 1;
    }

    // Mean of every 16th byte: a slice for "dark" and "bright" needs no more.
    private static double BrightnessOf(PixelBuffer pixels)
    {
        ReadOnlySpan<byte> bytes = pixels.Bytes;
        bool wide = pixels.Layout is PixelLayout.Gray16 or PixelLayout.Rgb48;
        long sum = 0, count = 0;
        for (int i = wide ? 1 : 0; i < bytes.Length; i += 16)
            (sum, count) = (sum + bytes[i], count + 1);
        return count == 0 ? 0 : sum / (255.0 * count);
    }
}
