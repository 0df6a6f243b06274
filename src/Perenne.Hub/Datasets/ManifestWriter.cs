using System.IO.Compression;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Vision.Geometry;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

/// <summary>Writes a manifest row group by row group: what waits in memory is one group.</summary>
internal sealed class ManifestWriter : IAsyncDisposable
{
    private const int GroupRows = 8_192; // Columns of so many rows stay below what the runtime takes for large objects, which it clears away late.

    private static readonly DataField[] OfImage =
    [
        ManifestColumns.ImageId, ManifestColumns.ContentHash, ManifestColumns.OrganizationId, ManifestColumns.Organization, ManifestColumns.FileName, ManifestColumns.Camera, ManifestColumns.Station,
        ManifestColumns.Part, ManifestColumns.Group, ManifestColumns.Split, ManifestColumns.Verdict, ManifestColumns.Source, ManifestColumns.Tags, ManifestColumns.Values, ManifestColumns.LabelHash,
    ];

    private static readonly DataField[] OfShape = [ManifestColumns.Kind, ManifestColumns.Label, ManifestColumns.LabelId, ManifestColumns.Geometry];

    private readonly ParquetWriter writer;
    private readonly List<string?>[] imageTexts = [.. OfImage.Select(_ => new List<string?>(GroupRows))], shapeTexts = [.. OfShape.Select(_ => new List<string?>(GroupRows))];
    private readonly Dictionary<DataField, List<double?>> numbers = [];
    private readonly List<int> widths = [], heights = [];
    private readonly List<int?> indexes = [];
    private readonly List<DateTime?> captured = [];
    private readonly List<DateTime> arrived = [];

    private ManifestWriter(ParquetWriter writer) => this.writer = writer;

    public static async Task<ManifestWriter> CreateAsync(Stream stream, IReadOnlyDictionary<string, string> about, CancellationToken cancel)
    {
        // The library's default is Zstandard's slowest level: nine tenths of the time for a few per cent of the bytes.
        ParquetWriter writer = await ParquetWriter.CreateAsync(ManifestColumns.Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest }, append: false, cancel);
        writer.CustomMetadata = about.ToDictionary(pair => pair.Key, pair => pair.Value);
        return new(writer);
    }

    public async Task AddAsync(DatasetItem item, CancellationToken cancel)
    {
        string?[] words = Words(item);
        if (item.Shapes.Count == 0)
            Row(item.Image, words, null, null);
        for (int i = 0; i < item.Shapes.Count; i++)
            Row(item.Image, words, i, item.Shapes[i]);
        if (widths.Count >= GroupRows)
            await FlushAsync(cancel);
    }

    public async Task FinishAsync(CancellationToken cancel)
    {
        await FlushAsync(cancel);
        await writer.DisposeAsync();
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    /// <summary>The columns of <see cref="OfImage"/>: the same text in each of its rows.</summary>
    private static string?[] Words(DatasetItem item)
    {
        PoolImage image = item.Image;
        return
        [
            image.Id.ToString(), image.ContentHash, image.OrganizationId.ToString(), item.Organization, image.FileName, image.Camera, image.Station,
            image.PartId, image.Group, SplitWords.Of(item.Split), item.Verdict == ImageVerdict.NoDefect ? "no_defect" : "defects", item.Source,
            item.Tags.Count == 0 ? null : JsonSerializer.Serialize(item.Tags.Select(t => t.Name)), item.Values.Count == 0 ? null : JsonSerializer.Serialize(item.Values), item.DocumentHash,
        ];
    }

    private void Row(PoolImage image, string?[] words, int? index, DatasetShape? shape)
    {
        for (int i = 0; i < words.Length; i++)
            imageTexts[i].Add(words[i]);
        widths.Add(image.Width);
        heights.Add(image.Height);
        captured.Add(image.CapturedAt?.UtcDateTime);
        arrived.Add(image.ArrivedAt.UtcDateTime);
        indexes.Add(index);
        shapeTexts[0].Add(shape?.Shape.Kind);
        shapeTexts[1].Add(shape?.Label);
        shapeTexts[2].Add(shape?.LabelId?.ToString());
        shapeTexts[3].Add(shape is null or { Shape: DocumentBox } ? null : ShapeText.Geometry(shape.Shape));
        Box? box = shape is null ? null : ShapeBounds.Of(shape.Shape.ToShape());
        Number(ManifestColumns.X, box?.X);
        Number(ManifestColumns.Y, box?.Y);
        Number(ManifestColumns.BoxWidth, box?.Width);
        Number(ManifestColumns.BoxHeight, box?.Height);
    }

    private void Number(DataField field, double? value) => (numbers.TryGetValue(field, out List<double?>? list) ? list : numbers[field] = []).Add(value);

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (widths.Count == 0)
            return;
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (DataField field in ManifestColumns.Schema.DataFields)
        {
            if (Array.IndexOf(OfImage, field) is >= 0 and int image)
                await group.WriteAsync(field, (IReadOnlyCollection<string>)(object)imageTexts[image]);
            else if (Array.IndexOf(OfShape, field) is >= 0 and int shape)
                await group.WriteAsync(field, (IReadOnlyCollection<string>)(object)shapeTexts[shape]);
            else if (numbers.TryGetValue(field, out List<double?>? figures))
                await group.WriteAsync<double>(field, figures.ToArray().AsMemory(), cancellationToken: cancel);
            else if (field.Equals(ManifestColumns.Width) || field.Equals(ManifestColumns.Height))
                await group.WriteAsync<int>(field, (field.Equals(ManifestColumns.Width) ? widths : heights).ToArray().AsMemory(), cancellationToken: cancel);
            else if (field.Equals(ManifestColumns.ShapeIndex))
                await group.WriteAsync<int>(field, indexes.ToArray().AsMemory(), cancellationToken: cancel);
            else if (field.Equals(ManifestColumns.CapturedAt))
                await group.WriteAsync<DateTime>(field, captured.ToArray().AsMemory(), cancellationToken: cancel);
            else
                await group.WriteAsync<DateTime>(field, arrived.ToArray().AsMemory(), cancellationToken: cancel);
        }

        group.CompleteValidate();
        foreach (List<string?> list in imageTexts.Concat(shapeTexts))
            list.Clear();
        foreach (List<double?> list in numbers.Values)
            list.Clear();
        widths.Clear();
        heights.Clear();
        indexes.Clear();
        captured.Clear();
        arrived.Clear();
    }
}

internal static class SplitWords
{
    public static string Of(Split split) => split switch { Split.Train => "train", Split.Validation => "validation", _ => "test" };

    public static Split Read(string word) => word switch { "train" => Split.Train, "validation" => Split.Validation, _ => Split.Test };
}
