using System.Collections.Immutable;

namespace Perenne.Formats;

/// <summary>What a conversion did.</summary>
/// <param name="Images">Images written.</param>
/// <param name="Annotations">Annotations written.</param>
/// <param name="Problems">What a lenient reader went past.</param>
/// <param name="SourceLosses">What the source holds and the neutral record does not.</param>
/// <param name="TargetLosses">What the target cannot hold.</param>
public sealed record ConversionResult(long Images, long Annotations, ReadProblems Problems, LossReport SourceLosses, LossReport TargetLosses);

/// <summary>Streams one format into another.</summary>
public static class DatasetConverter
{
    /// <summary>
    /// Reads <paramref name="reader"/> into <paramref name="target"/>. Written beside the target first and moved there when complete:
    /// a cancelled or failed conversion leaves nothing.
    /// </summary>
    /// <param name="reader">The source.</param>
    /// <param name="format">Name of the target's format.</param>
    /// <param name="target">File or folder to write.</param>
    /// <param name="options">How to write; null = defaults.</param>
    /// <param name="labelMap">New names of label classes by old name; several old ones may become one.</param>
    /// <param name="overwrite">Replace an existing target. Otherwise it is refused.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DatasetFormatException">The source is malformed (strict), or a name in the map is not a class.</exception>
    /// <exception cref="IOException">The target exists and <paramref name="overwrite"/> is false.</exception>
    public static async Task<ConversionResult> ConvertAsync(DatasetReader reader, string format, string target, WriteOptions? options = null,
        IReadOnlyDictionary<string, string>? labelMap = null, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        using AtomicTarget atomic = new(full, overwrite);
        ConversionResult result;
        await using (DatasetWriter writer = DatasetFormats.CreateWriter(format, atomic.Temporary, Map(reader.Header, labelMap), options))
        {
            await foreach (AnnotatedImage image in reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                await writer.WriteAsync(Map(image, labelMap), cancellationToken).ConfigureAwait(false);
            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            result = new(writer.ImageCount, writer.AnnotationCount, reader.Problems, reader.Losses, writer.Losses);
        }
        atomic.Commit();
        return result;
    }

    private static DatasetHeader Map(DatasetHeader header, IReadOnlyDictionary<string, string>? map)
    {
        if (map is null || map.Count == 0)
            return header;
        if (map.Keys.FirstOrDefault(old => header.Classes.All(c => c.Name != old)) is { } unknown)
            throw new DatasetFormatException(new("", "", $"The label class \"{unknown}\" to rename is not in the data set; it has {string.Join(", ", header.Classes.Select(c => c.Name))}.", ""));
        return header with { Classes = [.. header.Classes.Select(c => map.TryGetValue(c.Name, out string? name) ? c with { Name = name } : c).DistinctBy(c => c.Name)] };
    }

    private static AnnotatedImage Map(AnnotatedImage image, IReadOnlyDictionary<string, string>? map)
    {
        if (map is null || map.Count == 0)
            return image;
        ImmutableArray<AnnotationRecord> renamed = [.. image.Annotations.Select(a => a.Label is not null && map.TryGetValue(a.Label, out string? name) ? a with { Label = name } : a)];
        return image with { Annotations = renamed };
    }
}
