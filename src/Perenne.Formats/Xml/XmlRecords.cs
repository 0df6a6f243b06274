using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Perenne.Formats.Xml;

/// <summary>Reads one complete element at a time from a stream of any length, and numbers from it, with errors that name the line.</summary>
internal static class XmlRecords
{
    private const int DepthLimit = 64;

    public static XmlReader Open(string path) =>
        XmlReader.Create(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024), XmlSniffer.Settings);

    public static DatasetProblem NotXml(string file, XmlException e)
    {
        string what = e.Message.Contains("DTD", StringComparison.Ordinal) ? "a document type definition, which is refused"
            : "not XML: " + e.Message.Split(" Line ")[0].TrimEnd('.', ' ');
        return new(file, $"line {Math.Max(1, e.LineNumber)}", what, "well-formed XML without DTD");
    }

    /// <summary>The element the reader stands on, whole; the reader moves behind it. Bounded in depth and number of characters.</summary>
    public static XElement Read(XmlReader reader, string file, int maxCharacters)
    {
        XElement? root = null, current = null;
        int start = LineOf(reader), baseDepth = reader.Depth;
        long used = 0;
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth - baseDepth > DepthLimit)
                        throw new DatasetFormatException(new(file, $"line {LineOf(reader)}", "elements nested too deeply", $"at most {DepthLimit} levels"));
                    bool empty = reader.IsEmptyElement;
                    XElement element = new(reader.LocalName);
                    element.AddAnnotation(new LineMark(LineOf(reader)));
                    used += 64 + reader.LocalName.Length;
                    while (reader.MoveToNextAttribute())
                    {
                        used += reader.Value.Length + reader.LocalName.Length;
                        if (element.Attribute(reader.LocalName) is null)
                            element.SetAttributeValue(reader.LocalName, reader.Value);
                    }
                    reader.MoveToElement();
                    current?.Add(element);
                    root ??= element;
                    current = empty ? current : element;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    used += reader.Value.Length;
                    current!.Add(new XText(reader.Value));
                    break;
                case XmlNodeType.EndElement:
                    current = current!.Parent;
                    break;
            }
            if (used > maxCharacters)
                throw new DatasetFormatException(new(file, $"line {start}", $"an element of more than {maxCharacters} characters", "smaller elements (or a higher limit)"));
        }
        while (reader.Read() && current is not null);
        return root!;
    }

    public static int LineOf(XmlReader reader) => reader is IXmlLineInfo info ? info.LineNumber : 0;

    public static string LineOf(XElement element) => $"line {element.Annotation<LineMark>()?.Line ?? 0}";

    public static double Number(XElement owner, string? text, string what) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) <= 1e9 ? value
            : throw new XmlRecordException(owner, text is null ? $"no {what}" : $"{what} \"{(text.Length > 40 ? text[..40] + "…" : text)}\"", "a number");
}

/// <summary>Keeps the line an element began on; XElement itself only does so when it loads whole documents.</summary>
internal sealed record LineMark(int Line);

/// <summary>Thrown inside a record's parser, caught where the file is known.</summary>
internal sealed class XmlRecordException(XElement at, string found, string expected) : Exception
{
    public DatasetProblem At(string file) => new(file, XmlRecords.LineOf(at), found, expected);
}
