using System.Collections.Immutable;
using System.Xml.Linq;
using Perenne.Formats.Xml;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Voc;

/// <summary>One <c>object</c> of a VOC file.</summary>
internal static class VocObject
{
    private static readonly string[] Known = ["name", "bndbox", "difficult", "truncated", "occluded", "pose", "part", "actions", "attributes", "point", "polygon"];

    public static ImageSize? Size(XElement root)
    {
        XElement? size = root.Element("size");
        if (size is null)
            return null;
        double width = XmlRecords.Number(size, size.Element("width")?.Value, "width"), height = XmlRecords.Number(size, size.Element("height")?.Value, "height");
        return width >= 1 && height >= 1 ? new((int)width, (int)height) : null; // Some tools write 0 for "unknown".
    }

    /// <summary>
    /// VOC's own convention: pixels count from 1 and the last one belongs to the box, so xmin − 1 and xmax are the continuous edges.
    /// Base 0 takes the numbers as continuous edges, as most converters write them.
    /// </summary>
    public static AnnotationRecord Read(XElement item, int vocBase)
    {
        string name = item.Element("name")?.Value.Trim() is { Length: > 0 } given ? given : throw new XmlRecordException(item, "an object without a name", "a name");
        return new(name, new BoxShape(BoxOf(item, vocBase)))
        {
            Difficult = Flag(item, "difficult"), Truncated = Flag(item, "truncated"), Occluded = Flag(item, "occluded"), Attributes = Attributes(item),
        };
    }

    private static Box BoxOf(XElement item, int vocBase)
    {
        XElement box = item.Element("bndbox") ?? throw new XmlRecordException(item, "an object without bndbox", "bndbox with xmin, ymin, xmax and ymax");
        double Edge(string side) => XmlRecords.Number(box, box.Element(side)?.Value, side);
        double left = Edge("xmin") - vocBase, top = Edge("ymin") - vocBase, right = Edge("xmax"), bottom = Edge("ymax");
        return right >= left && bottom >= top ? new(left, top, right - left, bottom - top)
            : throw new XmlRecordException(box, "a right or lower edge before the left or upper one", "xmin <= xmax and ymin <= ymax");
    }

    private static bool Flag(XElement item, string name) => item.Element(name)?.Value.Trim() is "1" or "true" or "True";

    private static ImmutableArray<AnnotationAttribute> Attributes(XElement item)
    {
        var attributes = ImmutableArray.CreateBuilder<AnnotationAttribute>();
        if (item.Element("pose")?.Value.Trim() is { Length: > 0 } pose and not "Unspecified")
            attributes.Add(new("pose", pose));
        foreach (XElement action in item.Element("actions")?.Elements() ?? [])
            attributes.Add(new(action.Name.LocalName, action.Value.Trim() == "1" ? "true" : "false", AttributeKind.Boolean));
        foreach (XElement attribute in item.Element("attributes")?.Elements("attribute") ?? [])
            attributes.Add(new(attribute.Element("name")?.Value ?? "", attribute.Element("value")?.Value ?? ""));
        foreach (XElement other in item.Elements().Where(e => !e.HasElements && !Known.Contains(e.Name.LocalName)))
            attributes.Add(new(other.Name.LocalName, other.Value));
        return attributes.DrainToImmutable();
    }
}
