using System.Globalization;
using System.Text.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>Writes one annotation as results: the region, and one more per attribute under the same id.</summary>
internal static class LabelStudioRegion
{
    public static void Write(Utf8JsonWriter w, AnnotationRecord a, ImageSize? size, string id)
    {
        if (a.Shape is null)
        {
            Whole(w, a, id);
            return;
        }
        string kind = a.Shape switch
        {
            BoxShape or RotatedBoxShape => "rectangle",
            PolygonShape or PolylineShape => "polygon",
            PointShape => "keypoint",
            _ => "brush",
        };
        string type = a.Label is null ? kind : kind + "labels";
        Begin(w, id, "label", type, size);
        Coordinates(w, a.Shape, size!.Value);
        if (a.Label is not null)
        {
            w.WriteStartArray(type);
            w.WriteStringValue(a.Label);
            w.WriteEndArray();
        }
        End(w);
        foreach (AnnotationAttribute attribute in a.Attributes)
            Attribute(w, attribute, id, size);
    }

    private static void Coordinates(Utf8JsonWriter w, Shape shape, ImageSize size)
    {
        switch (shape)
        {
            case BoxShape { Box: var b }:
                Rectangle(w, new(b.X, b.Y), b.Width, b.Height, 0, size);
                break;
            case RotatedBoxShape { Box: var r }:
                Rectangle(w, LabelStudioGeometry.CornerOf(r), r.Width, r.Height, r.AngleDegrees, size);
                break;
            case PolygonShape p:
                Points(w, p.Rings[0], true, size);
                break;
            case PolylineShape l:
                Points(w, l.Points, false, size);
                break;
            case PointShape { Point: var p }:
                w.WriteNumber("x"u8, p.X * 100 / size.Width);
                w.WriteNumber("y"u8, p.Y * 100 / size.Height);
                w.WriteNumber("width"u8, 0.2);
                break;
            case MaskShape m:
                w.WriteString("format"u8, "rle");
                w.WriteStartArray("rle"u8);
                foreach (byte b in LabelStudioRle.Encode(m.Mask))
                    w.WriteNumberValue(b);
                w.WriteEndArray();
                break;
        }
    }

    private static void Rectangle(Utf8JsonWriter w, ImagePoint corner, double width, double height, double angle, ImageSize size)
    {
        w.WriteNumber("x"u8, corner.X * 100 / size.Width);
        w.WriteNumber("y"u8, corner.Y * 100 / size.Height);
        w.WriteNumber("width"u8, width * 100 / size.Width);
        w.WriteNumber("height"u8, height * 100 / size.Height);
        w.WriteNumber("rotation"u8, angle);
    }

    private static void Points(Utf8JsonWriter w, IEnumerable<ImagePoint> points, bool closed, ImageSize size)
    {
        w.WriteStartArray("points"u8);
        foreach (ImagePoint p in points)
        {
            w.WriteStartArray();
            w.WriteNumberValue(p.X * 100 / size.Width);
            w.WriteNumberValue(p.Y * 100 / size.Height);
            w.WriteEndArray();
        }
        w.WriteEndArray();
        w.WriteBoolean("closed"u8, closed);
    }

    private static void Whole(Utf8JsonWriter w, AnnotationRecord a, string id)
    {
        if (a.Value is { } value)
        {
            Begin(w, id, a.Label ?? "value", "number", null);
            w.WriteNumber("number"u8, value);
        }
        else
        {
            Begin(w, id, "tag", "choices", null);
            w.WriteStartArray("choices"u8);
            w.WriteStringValue(a.Label);
            w.WriteEndArray();
        }
        End(w);
    }

    private static void Attribute(Utf8JsonWriter w, AnnotationAttribute attribute, string id, ImageSize? size)
    {
        bool isNumber = double.TryParse(attribute.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
        if (attribute.Kind == AttributeKind.Number && isNumber)
        {
            Begin(w, id, attribute.Name, "number", size);
            w.WriteNumber("number"u8, number);
        }
        else
        {
            Begin(w, id, attribute.Name, "textarea", size);
            w.WriteStartArray("text"u8);
            w.WriteStringValue(attribute.Value);
            w.WriteEndArray();
        }
        End(w);
    }

    private static void Begin(Utf8JsonWriter w, string id, string from, string type, ImageSize? size)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, id);
        w.WriteString("from_name"u8, from);
        w.WriteString("to_name"u8, "image");
        w.WriteString("type"u8, type);
        if (size is { } s)
        {
            w.WriteNumber("original_width"u8, s.Width);
            w.WriteNumber("original_height"u8, s.Height);
            w.WriteNumber("image_rotation"u8, 0);
        }
        w.WriteStartObject("value"u8);
    }

    private static void End(Utf8JsonWriter w)
    {
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
