using System.Text.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Coco;

internal static class CocoShapes
{
    public static void Write(Utf8JsonWriter w, Shape shape, bool compress)
    {
        Box box = ShapeMath.Bounds(shape) ?? default;
        w.WriteStartArray("bbox"u8);
        w.WriteNumberValue(box.X);
        w.WriteNumberValue(box.Y);
        w.WriteNumberValue(box.Width);
        w.WriteNumberValue(box.Height);
        w.WriteEndArray();
        switch (shape)
        {
            case PolygonShape polygon:
                w.WriteNumber("area"u8, polygon.Rings.Sum(ShapeMath.RingArea));
                WriteRings(w, polygon);
                break;
            case MaskShape mask:
                w.WriteNumber("area"u8, mask.Mask.Area);
                WriteRuns(w, mask.Mask, compress);
                break;
            default:
                w.WriteNumber("area"u8, box.Area);
                w.WriteStartArray("segmentation"u8);
                w.WriteEndArray();
                break;
        }
    }

    private static void WriteRings(Utf8JsonWriter w, PolygonShape polygon)
    {
        w.WriteStartArray("segmentation"u8);
        foreach (var ring in polygon.Rings)
        {
            w.WriteStartArray();
            foreach (ImagePoint p in ring)
            {
                w.WriteNumberValue(p.X);
                w.WriteNumberValue(p.Y);
            }
            w.WriteEndArray();
        }
        w.WriteEndArray();
    }

    private static void WriteRuns(Utf8JsonWriter w, RunLengthMask mask, bool compress)
    {
        w.WriteStartObject("segmentation"u8);
        w.WriteStartArray("size"u8);
        w.WriteNumberValue(mask.Height);
        w.WriteNumberValue(mask.Width);
        w.WriteEndArray();
        if (compress)
            w.WriteString("counts"u8, MaskString.Encode(mask));
        else
        {
            w.WriteStartArray("counts"u8);
            foreach (uint run in mask.Counts)
                w.WriteNumberValue(run);
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }
}
