using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;
using Perenne.Vision.Geometry;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

/// <summary>A shape as a manifest holds it.</summary>
/// <param name="Geometry">Null for a box.</param>
internal sealed record ManifestShape(string Kind, string Label, Box Box, string? Geometry);

/// <summary>One image of a manifest with its shapes.</summary>
internal sealed record ManifestImage(
    Guid Id, string ContentHash, Guid OrganizationId, string Organization, string FileName, int Width, int Height, string? Camera, string Group, Split Split, bool IsDefective,
    string? Tags, string? Values, string LabelHash, IReadOnlyList<ManifestShape> Shapes)
{
    /// <summary>Of capture; of arrival where that is not known. Read with the shapes only.</summary>
    public DateTimeOffset TakenAt { get; init; }

    /// <summary>Where the image stands in the order of every manifest.</summary>
    public string Place => $"{OrganizationId}{Id}";
}

/// <summary>Reads a manifest image by image, a row group in memory.</summary>
internal static class ManifestReader
{
    /// <param name="withShapes">False: only the first row of each image is looked at, which is all a comparison needs.</param>
    public static async IAsyncEnumerable<ManifestImage> ReadAsync(Stream stream, bool withShapes, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream, null, leaveStreamOpen: true, cancel);
        ManifestImage? open = null;
        List<ManifestShape> shapes = [];
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            Rows rows = await Rows.ReadAsync(group, withShapes, cancel);
            for (int i = 0; i < rows.Count; i++)
            {
                if (rows.Index[i] is null or 0)
                {
                    if (open is not null)
                        yield return open with { Shapes = shapes };
                    (open, shapes) = (rows.Image(i), []);
                }

                if (withShapes && rows.Index[i] is not null)
                    shapes.Add(rows.Shape(i));
            }
        }

        if (open is not null)
            yield return open with { Shapes = shapes };
    }

    private sealed class Rows
    {
        private readonly Dictionary<DataField, string?[]> texts = [];
        private readonly Dictionary<DataField, double?[]> numbers = [];
        private int[] width = [], height = [];
        private DateTime?[] captured = [];
        private DateTime[] arrived = [];

        public int Count { get; private set; }

        public int?[] Index { get; private set; } = [];

        public static async Task<Rows> ReadAsync(ParquetRowGroupReader group, bool withShapes, CancellationToken cancel)
        {
            Rows rows = new() { Count = (int)group.RowCount };
            DataField[] words =
            [
                ManifestColumns.ImageId, ManifestColumns.ContentHash, ManifestColumns.OrganizationId, ManifestColumns.Organization, ManifestColumns.FileName, ManifestColumns.Camera, ManifestColumns.Group,
                ManifestColumns.Split, ManifestColumns.Verdict, ManifestColumns.LabelHash, ManifestColumns.Tags, ManifestColumns.Values,
                .. withShapes ? [ManifestColumns.Kind, ManifestColumns.Label, ManifestColumns.Geometry] : Array.Empty<DataField>(),
            ];
            foreach (DataField field in words)
            {
                string?[] column = new string?[rows.Count];
                await group.ReadAsync(field, column.AsMemory()!, null, cancel);
                rows.texts[field] = column;
            }

            foreach (DataField field in withShapes ? [ManifestColumns.X, ManifestColumns.Y, ManifestColumns.BoxWidth, ManifestColumns.BoxHeight] : Array.Empty<DataField>())
            {
                double?[] column = new double?[rows.Count];
                await group.ReadAsync<double>(field, column.AsMemory(), null, cancel);
                rows.numbers[field] = column;
            }

            (rows.captured, rows.arrived) = (new DateTime?[rows.Count], new DateTime[rows.Count]);
            if (withShapes)
            {
                await group.ReadAsync<DateTime>(ManifestColumns.CapturedAt, rows.captured.AsMemory(), null, cancel);
                await group.ReadAsync<DateTime>(ManifestColumns.ArrivedAt, rows.arrived.AsMemory(), null, cancel);
            }

            (rows.width, rows.height, rows.Index) = (new int[rows.Count], new int[rows.Count], new int?[rows.Count]);
            await group.ReadAsync<int>(ManifestColumns.Width, rows.width.AsMemory(), null, cancel);
            await group.ReadAsync<int>(ManifestColumns.Height, rows.height.AsMemory(), null, cancel);
            await group.ReadAsync<int>(ManifestColumns.ShapeIndex, rows.Index.AsMemory(), null, cancel);
            return rows;
        }

        public ManifestImage Image(int i) => new(
            Guid.Parse(Text(ManifestColumns.ImageId, i)!), Text(ManifestColumns.ContentHash, i)!, Guid.Parse(Text(ManifestColumns.OrganizationId, i)!), Text(ManifestColumns.Organization, i)!, Text(ManifestColumns.FileName, i)!, width[i], height[i],
            Text(ManifestColumns.Camera, i), Text(ManifestColumns.Group, i)!, SplitWords.Read(Text(ManifestColumns.Split, i)!), Text(ManifestColumns.Verdict, i) == "defects",
            Text(ManifestColumns.Tags, i), Text(ManifestColumns.Values, i), Text(ManifestColumns.LabelHash, i)!, [])
        {
            TakenAt = DateTime.SpecifyKind(captured[i] ?? arrived[i], DateTimeKind.Utc),
        };

        public ManifestShape Shape(int i) => new(Text(ManifestColumns.Kind, i)!, Text(ManifestColumns.Label, i)!,
            new(numbers[ManifestColumns.X][i]!.Value, numbers[ManifestColumns.Y][i]!.Value, numbers[ManifestColumns.BoxWidth][i]!.Value, numbers[ManifestColumns.BoxHeight][i]!.Value),
            Text(ManifestColumns.Geometry, i));

        private string? Text(DataField field, int i) => texts[field][i];
    }
}
