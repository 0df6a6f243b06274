using System.Xml;
using System.Xml.Linq;

namespace Perenne.Formats.Cvat;

/// <summary>The label schema in <c>meta</c>.</summary>
internal static class CvatLabels
{
    public static IEnumerable<LabelClass> Read(XElement labels) => labels.Elements("label")
        .Where(l => l.Element("name")?.Value.Trim() is { Length: > 0 })
        .Select(l => new LabelClass(l.Element("name")!.Value.Trim())
        {
            Color = l.Element("color")?.Value.Trim() is { Length: > 0 } color ? color : null,
            Attributes = [.. (l.Element("attributes")?.Elements("attribute") ?? []).Select(Attribute)],
        });

    public static void Write(XmlWriter w, DatasetHeader header)
    {
        w.WriteStartElement("labels");
        foreach (LabelClass label in header.Classes)
        {
            w.WriteStartElement("label");
            w.WriteElementString("name", label.Name);
            if (label.Color is not null)
                w.WriteElementString("color", label.Color);
            w.WriteStartElement("attributes");
            foreach (LabelAttribute attribute in label.Attributes)
            {
                w.WriteStartElement("attribute");
                w.WriteElementString("name", attribute.Name);
                w.WriteElementString("mutable", "False");
                w.WriteElementString("input_type", attribute.InputType);
                w.WriteElementString("default_value", attribute.Default ?? "");
                w.WriteElementString("values", ValuesText(attribute.Values));
                w.WriteEndElement();
            }
            w.WriteEndElement();
            w.WriteEndElement();
        }
        w.WriteEndElement();
    }

    private static LabelAttribute Attribute(XElement a) => new(a.Element("name")?.Value ?? "", a.Element("input_type")?.Value ?? "text",
        [.. Values(a.Element("values")?.Value ?? "")], a.Element("default_value")?.Value is { Length: > 0 } preset ? preset : null);

    // One value per line; tools that reformat the XML leave blanks between them.
    private static string[] Values(string text) => text.Split(text.Contains('\n', StringComparison.Ordinal) ? '\n' : ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string ValuesText(IReadOnlyList<string> values) => string.Join('\n', values) + (values is [var one] && one.Contains(' ', StringComparison.Ordinal) ? "\n" : "");
}
