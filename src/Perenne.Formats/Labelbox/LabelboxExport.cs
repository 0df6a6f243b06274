using System.Globalization;
using System.Text.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Labelbox;

/// <summary>Objects and classifications as the v2 export writes them.</summary>
internal static class LabelboxExport
{
    public static void WriteObject(Utf8JsonWriter w, AnnotationRecord a)
    {
        w.WriteStartObject();
        if (a.SourceId is { } id)
            w.WriteString("feature_id"u8, id);
        w.WriteString("name"u8, a.Label);
        w.WriteString("annotation_kind"u8, a.Shape switch { BoxShape => "ImageBoundingBox", PolygonShape => "ImagePolygon", PolylineShape => "ImagePolyline", _ => "ImagePoint" });
        WriteShape(w, a.Shape!, "bounding_box");
        w.WriteStartArray("classifications"u8);
        foreach (AnnotationAttribute attribute in a.Attributes)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, attribute.Name);
            WriteText(w, attribute.Value);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    public static void WriteClassification(Utf8JsonWriter w, AnnotationRecord a)
    {
        w.WriteStartObject();
        if (a.SourceId is { } id)
            w.WriteString("feature_id"u8, id);
        w.WriteString("name"u8, a.Value is null ? "tag" : a.Label);
        if (a.Value is { } value)
            WriteText(w, value.ToString(CultureInfo.InvariantCulture));
        else
        {
            w.WriteStartObject("radio_answer"u8);
            w.WriteString("name"u8, a.Label);
            w.WriteEndObject();
        }
        w.WriteEndObject();
    }

    public static void WriteShape(Utf8JsonWriter w, Shape shape, string boxName)
    {
        switch (shape)
        {
            case BoxShape { Box: var b }:
                w.WriteStartObject(boxName);
                w.WriteNumber("top"u8, b.Y);
                w.WriteNumber("left"u8, b.X);
                w.WriteNumber("height"u8, b.Height);
                w.WriteNumber("width"u8, b.Width);
                w.WriteEndObject();
                break;
            case PolygonShape p:
                WritePoints(w, "polygon", p.Rings[0]);
                break;
            case PolylineShape l:
                WritePoints(w, "line", l.Points);
                break;
            case PointShape p:
                w.WritePropertyName("point"u8);
                WritePoint(w, p.Point);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter w, string text)
    {
        w.WriteStartObject("text_answer"u8);
        w.WriteString("content"u8, text);
        w.WriteEndObject();
    }

    private static void WritePoints(Utf8JsonWriter w, string name, IEnumerable<ImagePoint> points)
    {
        w.WriteStartArray(name);
        foreach (ImagePoint p in points)
            WritePoint(w, p);
        w.WriteEndArray();
    }

    private static void WritePoint(Utf8JsonWriter w, ImagePoint p)
    {
        w.WriteStartObject();
        w.WriteNumber("x"u8, p.X);
        w.WriteNumber("y"u8, p.Y);
        w.WriteEndObject();
    }
}
