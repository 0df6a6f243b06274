using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>Counts over a whole data set, for people who want to know what they have.</summary>
public sealed class DatasetSummary
{
    private readonly SortedDictionary<string, long> _classes = new(StringComparer.Ordinal), _shapes = new(StringComparer.Ordinal),
        _splits = new(StringComparer.Ordinal), _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<ImageSize, long> _sizes = [];

    /// <summary>Images.</summary>
    public long Images { get; private set; }

    /// <summary>Images whose file was not found on disk.</summary>
    public long ImagesNotFound { get; private set; }

    /// <summary>Images of unknown size.</summary>
    public long ImagesWithoutSize { get; private set; }

    /// <summary>Annotations.</summary>
    public long Annotations { get; private set; }

    /// <summary>Annotations per label class (classes without any included); <c>(none)</c> for open labels.</summary>
    public IReadOnlyDictionary<string, long> Classes => _classes;

    /// <summary>Annotations per kind: box, rotated box, polygon, polyline, point, mask, tag, value.</summary>
    public IReadOnlyDictionary<string, long> Kinds => _shapes;

    /// <summary>Images per split; <c>(none)</c> for images in no split.</summary>
    public IReadOnlyDictionary<string, long> Splits => _splits;

    /// <summary>Images per <see cref="ImageAnswer"/>.</summary>
    public IReadOnlyDictionary<string, long> Answers => _answers;

    /// <summary>The most frequent image sizes with their counts, at most ten, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<ImageSize, long>> Sizes =>
        [.. _sizes.OrderByDescending(s => s.Value).ThenBy(s => s.Key.Width).ThenBy(s => s.Key.Height).Take(10)];

    /// <summary>Number of different image sizes.</summary>
    public int DifferentSizes => _sizes.Count;

    /// <summary>Reads everything and counts.</summary>
    /// <exception cref="DatasetFormatException">In strict mode, at the first problem.</exception>
    public static async Task<DatasetSummary> OfAsync(DatasetReader reader, CancellationToken cancellationToken = default)
    {
        DatasetSummary summary = new();
        foreach (LabelClass label in reader.Header.Classes)
            summary._classes[label.Name] = 0;
        await foreach (AnnotatedImage image in reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            summary.Add(image);
        return summary;
    }

    private void Add(AnnotatedImage image)
    {
        Images++;
        ImagesNotFound += image.ImagePath is null ? 1 : 0;
        Count(_splits, image.Split ?? "(none)");
        Count(_answers, image.Answer.ToString());
        if (image.Size is { } size)
            _sizes[size] = _sizes.GetValueOrDefault(size) + 1;
        else
            ImagesWithoutSize++;
        foreach (AnnotationRecord annotation in image.Annotations)
        {
            Annotations++;
            Count(_classes, annotation.Label ?? "(none)");
            Count(_shapes, KindOf(annotation));
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static string KindOf(AnnotationRecord annotation) => annotation.Shape switch
    {
        BoxShape => "box",
        RotatedBoxShape => "rotated box",
        PolygonShape => "polygon",
        PolylineShape => "polyline",
        PointShape => "point",
        MaskShape => "mask",
        _ => annotation.Value is null ? "tag" : "value",
    };
}
