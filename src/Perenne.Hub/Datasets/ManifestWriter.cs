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
    private const int GroupRows = 20_000;

    private readonly ParquetWriter writer;
    private readonly Dictionary<DataField, List<string?>> texts = [];
    private readonly Dictionary<DataField, List<double?>> numbers = [];
    private readonly List<int> widths = [], heights = [];
    private readonly List<int?> indexes = [];
    private readonly List<DateTime?> captured = [];
    private readonly List<DateTime> arrived = [];

    private ManifestWriter(ParquetWriter writer) => this.writer = writer;

    public static async Task<ManifestWriter> CreateAsync(Stream stream, IReadOnlyDictionary<string, string> about, CancellationToken cancel)
    {
        ParquetWriter writer = await ParquetWriter.CreateAsync(ManifestColumns.Schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, append: false, cancel);
        writer.CustomMetadata = about.ToDictionary(pair => pair.Key, pair => pair.Value);
        return new(writer);
    }

    public async Task AddAsync(DatasetItem item, CancellationToken cancel)
    {
        if (item.Shapes.Count == 0)
            Row(item, null, null);
        for (int i = 0; i < item.Shapes.Count; i++)
            Row(item, i, item.Shapes[i]);
        if (widths.Count >= GroupRows)
            await FlushAsync(cancel);
    }

    public async Task FinishAsync(CancellationToken cancel)
    {
        await FlushAsync(cancel);
        await writer.DisposeAsync();
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void Row(DatasetItem item, int? index, DatasetShape? shape)
    {
        PoolImage image = item.Image;
        Text(ManifestColumns.ImageId, image.Id.ToString());
        Text(ManifestColumns.ContentHash, image.ContentHash);
        Text(ManifestColumns.OrganizationId, image.OrganizationId.ToString());
        Text(ManifestColumns.Organization, item.Organization);
        Text(ManifestColumns.FileName, image.FileName);
        widths.Add(image.Width);
        heights.Add(image.Height);
        Text(ManifestColumns.Camera, image.Camera);
        Text(ManifestColumns.Station, image.Station);
        Text(ManifestColumns.Part, image.PartId);
        Text(ManifestColumns.Group, image.Group);
        captured.Add(image.CapturedAt?.UtcDateTime);
        arrived.Add(image.ArrivedAt.UtcDateTime);
        Text(ManifestColumns.Split, SplitWords.Of(item.Split));
        Text(ManifestColumns.Verdict, item.Verdict == ImageVerdict.NoDefect ? "no_defect" : "defects");
        Text(ManifestColumns.Source, item.Source);
        Text(ManifestColumns.Tags, item.Tags.Count == 0 ? null : JsonSerializer.Serialize(item.Tags.Select(t => t.Name)));
        Text(ManifestColumns.Values, item.Values.Count == 0 ? null : JsonSerializer.Serialize(item.Values));
        Text(ManifestColumns.LabelHash, item.DocumentHash);
        indexes.Add(index);
        Text(ManifestColumns.Kind, shape is null ? null : ShapeText.Kind(shape.Shape));
        Text(ManifestColumns.Label, shape?.Label);
        Text(ManifestColumns.LabelId, shape?.LabelId?.ToString());
        Box? box = shape is null ? null : ShapeBounds.Of(shape.Shape.ToShape());
        Number(ManifestColumns.X, box?.X);
        Number(ManifestColumns.Y, box?.Y);
        Number(ManifestColumns.BoxWidth, box?.Width);
        Number(ManifestColumns.BoxHeight, box?.Height);
        Text(ManifestColumns.Geometry, shape is null or { Shape: DocumentBox } ? null : ShapeText.Geometry(shape.Shape));
    }

    private void Text(DataField field, string? value) => (texts.TryGetValue(field, out List<string?>? list) ? list : texts[field] = []).Add(value);

    private void Number(DataField field, double? value) => (numbers.TryGetValue(field, out List<double?>? list) ? list : numbers[field] = []).Add(value);

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (widths.Count == 0)
            return;
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (DataField field in ManifestColumns.Schema.DataFields)
        {
            if (texts.TryGetValue(field, out List<string?>? words))
                await group.WriteAsync(field, (IReadOnlyCollection<string>)(object)words);
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
        foreach (List<string?> list in texts.Values)
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
