using Parquet;
using Parquet.Schema;

namespace Perenne.Hub.Datasets;

/// <summary>The columns of a manifest; docs/dataset-manifest.md explains each. One row per image and shape; an image without a shape has one row. Sorted by organization_id, image_id, shape_index.</summary>
internal static class ManifestColumns
{
    public static readonly DataField<string> ImageId = Text("image_id"), ContentHash = Text("content_hash"), OrganizationId = Text("organization_id"), Organization = Text("organization"), FileName = Text("file_name");
    public static readonly DataField<int> Width = new("width"), Height = new("height");
    public static readonly DataField<string> Camera = Text("camera"), Station = Text("station"), Part = Text("part_id"), Group = Text("group_key");
    public static readonly DateTimeDataField CapturedAt = Time("captured_at", true), ArrivedAt = Time("arrived_at", false);
    public static readonly DataField<string> Split = Text("split"), Verdict = Text("verdict"), Source = Text("source"), Tags = Text("tags"), Values = Text("values"), LabelHash = Text("label_hash");
    public static readonly DataField<int?> ShapeIndex = new("shape_index");
    public static readonly DataField<string> Kind = Text("kind"), Label = Text("label"), LabelId = Text("label_id");
    public static readonly DataField<double?> X = new("x"), Y = new("y"), BoxWidth = new("box_width"), BoxHeight = new("box_height");
    public static readonly DataField<string> Geometry = Text("geometry");

    public static ParquetSchema Schema { get; } = new(
        ImageId, ContentHash, OrganizationId, Organization, FileName, Width, Height, Camera, Station, Part, Group, CapturedAt, ArrivedAt, Split, Verdict, Source, Tags, Values, LabelHash,
        ShapeIndex, Kind, Label, LabelId, X, Y, BoxWidth, BoxHeight, Geometry);

    private static DataField<string> Text(string name) => new(name);

    // Milliseconds: with microseconds Parquet.Net 6.1 writes the values in one unit and their statistics in another, and readers that skip by them find nothing.
    private static DateTimeDataField Time(string name, bool nullable) => new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: nullable);
}
