using System.Globalization;
using System.Text.Json;

namespace Perenne.Formats.Labelbox;

/// <summary>One annotation as a row of the import form.</summary>
internal static class LabelboxImport
{
    public static void Write(Utf8JsonWriter w, AnnotationRecord a, string globalKey)
    {
        w.WriteStartObject();
        w.WriteStartObject("dataRow"u8);
        w.WriteString("globalKey"u8, globalKey);
        w.WriteEndObject();
        w.WriteString("name"u8, a.Shape is null && a.Value is null ? "tag" : a.Label);
        if (a.Score is { } score)
            w.WriteNumber("confidence"u8, score);
        if (a.Value is { } value)
            w.WriteString("answer"u8, value.ToString(CultureInfo.InvariantCulture));
        else if (a.Shape is null)
        {
            w.WriteStartObject("answer"u8);
            w.WriteString("name"u8, a.Label);
            w.WriteEndObject();
        }
        else
        {
            LabelboxExport.WriteShape(w, a.Shape, "bbox");
            w.WriteStartArray("classifications"u8);
            foreach (AnnotationAttribute attribute in a.Attributes)
            {
                w.WriteStartObject();
                w.WriteString("name"u8, attribute.Name);
                w.WriteString("answer"u8, attribute.Value);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }
}
