using System.Xml;

namespace Perenne.Formats;

/// <summary>How every XML file here is read: without DTD, entities or anything fetched.</summary>
internal static class XmlSniffer
{
    public static XmlReaderSettings Settings { get; } = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true, MaxCharactersFromEntities = 1024, CloseInput = true,
    };

    public static string? Sniff(string path)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), Settings);
            return reader.MoveToContent() != XmlNodeType.Element ? null : reader.Name switch { "annotations" => "cvat", "annotation" => "voc", _ => null };
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
