using System.Text.Json;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Cli.Metrics;

/// <summary>The parts of a COCO ground-truth file that the metrics need.</summary>
internal sealed record CocoTruthFile(Dictionary<long, ImageSize> Images, List<long> Categories, List<CocoEntry> Annotations);

/// <summary>Reads ground truth and results of the COCO format.</summary>
internal static class CocoFiles
{
    /// <exception cref="FormatException">The file is not what it should be: place and expectation are in the message.</exception>
    public static CocoTruthFile ReadTruth(FileInfo file, bool withMasks)
    {
        using FileStream stream = Open(file);
        var json = new JsonCursor(stream, file.Name);
        json.Read();
        json.EnterObject("an object {images, annotations, categories}");
        Dictionary<long, ImageSize>? images = null;
        List<long>? categories = null;
        List<CocoEntry>? annotations = null;
        while (json.NextProperty(out string name))
            switch (name)
            {
                case "images": images = ReadImages(ref json); break;
                case "categories": categories = ReadCategories(ref json); break;
                case "annotations": annotations = ReadAnnotations(ref json, file.Name, withMasks); break;
                default: json.Skip(); break;
            }
        string? missing = images is null ? "images" : categories is null ? "categories" : annotations is null ? "annotations" : null;
        return missing is null ? new CocoTruthFile(images!, categories!, annotations!)
            : throw new FormatException($"{file.Name}: \"{missing}\" is missing; expected an object {{images, annotations, categories}}.");
    }

    /// <exception cref="FormatException">The file is not what it should be: place and expectation are in the message.</exception>
    public static List<Detection> ReadDetections(FileInfo file, bool withMasks, Func<CocoEntry, Detection> take)
    {
        using FileStream stream = Open(file);
        var json = new JsonCursor(stream, file.Name);
        json.Read();
        var detections = new List<Detection>();
        json.EnterArray("a list of detections [{image_id, category_id, bbox, score}, …]");
        while (json.NextElement())
            detections.Add(take(CocoEntryReader.Read(ref json, file.Name, detections.Count, isDetection: true, withMasks)));
        return detections;
    }

    private static List<CocoEntry> ReadAnnotations(ref JsonCursor json, string file, bool withMasks)
    {
        var entries = new List<CocoEntry>();
        json.EnterArray("a list of annotations");
        while (json.NextElement())
            entries.Add(CocoEntryReader.Read(ref json, file, entries.Count, isDetection: false, withMasks));
        return entries;
    }

    private static Dictionary<long, ImageSize> ReadImages(ref JsonCursor json)
    {
        var images = new Dictionary<long, ImageSize>();
        json.EnterArray("a list of images");
        while (json.NextElement())
        {
            long? id = null, width = null, height = null;
            json.EnterObject("an image {id, width, height}");
            while (json.NextProperty(out string name))
                switch (name)
                {
                    case "id": id = json.Integer("a whole number"); break;
                    case "width" when json.Token == JsonTokenType.Number: width = json.Integer("a whole number"); break;
                    case "height" when json.Token == JsonTokenType.Number: height = json.Integer("a whole number"); break;
                    default: json.Skip(); break;
                }
            images[id ?? throw json.Error("\"id\" is missing; expected a whole number")] =
                new ImageSize((int)Math.Clamp(width ?? 0, 0, int.MaxValue), (int)Math.Clamp(height ?? 0, 0, int.MaxValue));
        }
        return images;
    }

    private static List<long> ReadCategories(ref JsonCursor json)
    {
        var categories = new List<long>();
        json.EnterArray("a list of categories");
        while (json.NextElement())
        {
            long? id = null;
            json.EnterObject("a category {id, name}");
            while (json.NextProperty(out string name))
                if (name == "id")
                    id = json.Integer("a whole number");
                else
                    json.Skip();
            categories.Add(id ?? throw json.Error("\"id\" is missing; expected a whole number"));
        }
        return categories;
    }

    private static FileStream Open(FileInfo file) => file.Exists
        ? new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan)
        : throw new FormatException($"{file.FullName} {(Directory.Exists(file.FullName) ? "is a folder" : "does not exist")}. Give the path of a JSON file.");
}
