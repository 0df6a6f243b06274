using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Coco;

/// <summary>Parses one entry of the annotations array.</summary>
internal static class CocoAnnotationRecord
{
    public static AnnotationRecord Parse(ReadOnlySpan<byte> record, Dictionary<long, string> classes, out bool hasKeypoints)
    {
        Utf8JsonReader reader = new(record, JsonRead.Options);
        reader.Read();
        JsonRead.ExpectObject(ref reader, "");
        AnnotationRecord result = new(null, null);
        Shape? box = null, segmentation = null;
        hasKeypoints = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("category_id"u8))
            {
                reader.Read();
                result = result with { Label = ClassOf(ref reader, classes) };
            }
            else if (reader.ValueTextEquals("bbox"u8))
            {
                reader.Read();
                box = CocoGeometry.Box(ref reader);
            }
            else if (reader.ValueTextEquals("segmentation"u8))
            {
                reader.Read();
                segmentation = CocoGeometry.Segmentation(ref reader);
            }
            else if (reader.ValueTextEquals("iscrowd"u8))
            {
                reader.Read();
                result = result with { IsCrowd = JsonRead.Flag(ref reader, ".iscrowd") };
            }
            else if (reader.ValueTextEquals("score"u8))
            {
                reader.Read();
                result = result with { Score = JsonRead.OptionalNumber(ref reader, ".score") };
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                result = result with { SourceId = JsonRead.Scalar(ref reader, ".id") };
            }
            else if (reader.ValueTextEquals("attributes"u8))
            {
                reader.Read();
                result = WithAttributes(result, JsonRead.Attributes(ref reader, ".attributes"));
            }
            else
            {
                hasKeypoints |= reader.ValueTextEquals("keypoints"u8);
                reader.Read();
                reader.Skip();
            }
        }
        if (result.Label is null)
            throw new RecordException(".category_id", "nothing", "the id of a category");
        return result with { Shape = segmentation ?? box ?? throw new RecordException("", "neither bbox nor segmentation", "one of them") };
    }

    private static string ClassOf(ref Utf8JsonReader reader, Dictionary<long, string> classes)
    {
        double id = JsonRead.Number(ref reader, ".category_id");
        return Math.Abs(id) < 1e15 && classes.TryGetValue((long)id, out string? name) ? name
            : throw JsonRead.Wrong(ref reader, ".category_id", "the id of a category of this file");
    }

    // CVAT and datumaro keep these three marks among the attributes.
    private static AnnotationRecord WithAttributes(AnnotationRecord record, ImmutableArray<AnnotationAttribute> attributes)
    {
        bool Marked(string name) => attributes.Any(a => a.Name == name && a is { Kind: AttributeKind.Boolean, Value: "true" });
        static bool IsMark(AnnotationAttribute a) => a is { Name: "occluded" or "truncated" or "difficult", Kind: AttributeKind.Boolean };
        return record with
        {
            Occluded = Marked("occluded"), Truncated = Marked("truncated"), Difficult = Marked("difficult"),
            Attributes = attributes.Any(IsMark) ? attributes.RemoveAll(IsMark) : attributes,
        };
    }
}
