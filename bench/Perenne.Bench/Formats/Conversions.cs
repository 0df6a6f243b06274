using System.Globalization;
using System.Text;
using System.Text.Json;
using Perenne.Formats;

namespace Perenne.Bench.Formats;

/// <summary>COCO to YOLO twice: ours, and the way converters are usually written.</summary>
internal static class Conversions
{
    public static async Task StreamedAsync(string coco, string target)
    {
        await using DatasetReader reader = await DatasetFormats.OpenAsync("coco", coco);
        await DatasetConverter.ConvertAsync(reader, "yolo", target, overwrite: true);
    }

    /// <summary>The whole document in memory, annotations grouped in a dictionary, one text file per image.</summary>
    public static void WholeDocument(string coco, string target)
    {
        string labels = Path.Combine(target, "labels", "train");
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.CreateDirectory(labels);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(coco));
        JsonElement root = document.RootElement;
        Dictionary<int, int> classes = root.GetProperty("categories").EnumerateArray().Select((c, i) => (Id: c.GetProperty("id").GetInt32(), i)).ToDictionary(c => c.Id, c => c.i);
        ILookup<int, JsonElement> annotations = root.GetProperty("annotations").EnumerateArray().ToLookup(a => a.GetProperty("image_id").GetInt32());
        StringBuilder text = new();
        foreach (JsonElement image in root.GetProperty("images").EnumerateArray())
        {
            double width = image.GetProperty("width").GetDouble(), height = image.GetProperty("height").GetDouble();
            text.Clear();
            foreach (JsonElement a in annotations[image.GetProperty("id").GetInt32()])
            {
                double[] b = [.. a.GetProperty("bbox").EnumerateArray().Select(n => n.GetDouble())];
                text.Append(CultureInfo.InvariantCulture, $"{classes[a.GetProperty("category_id").GetInt32()]} {(b[0] + b[2] / 2) / width:0.########} {(b[1] + b[3] / 2) / height:0.########} {b[2] / width:0.########} {b[3] / height:0.########}\n");
            }
            File.WriteAllText(Path.Combine(labels, Path.ChangeExtension(image.GetProperty("file_name").GetString()!, ".txt")), text.ToString());
        }
    }
}
