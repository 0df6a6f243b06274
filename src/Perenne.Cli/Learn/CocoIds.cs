using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.Contracts.Models;

namespace Perenne.Cli.Learn;

/// <summary>Which numbers images and classes have in a COCO results file.</summary>
internal sealed class CocoIds(Dictionary<string, long> images, long[] categories)
{
    public long Category(int number) => categories[number];

    /// <exception cref="CommandException">The image is not in the file of ids.</exception>
    public long Image(string file) => images.TryGetValue(file, out long id) || images.TryGetValue(Path.GetFileName(file), out id) ? id
        : throw new CommandException($"{file} is not in the file given with --ids. Leave the image out, or give the COCO file that lists it.");

    /// <summary>Images in the order given, classes in the model's order, both from 1.</summary>
    public static CocoIds ByOrder(string[] files, ModelManifest manifest) =>
        new(files.Distinct().Index().ToDictionary(f => f.Item, f => (long)f.Index + 1), [.. manifest.Classes.Select((_, i) => (long)i + 1)]);

    /// <summary>The ids of a COCO file.</summary>
    public static CocoIds Read(string path, ModelManifest manifest)
    {
        if (!File.Exists(path))
            throw new CommandException($"{path} does not exist. Give a COCO file {{images, categories}}.");
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            Dictionary<string, long> images = [], categories = [];
            foreach (JsonElement image in json.RootElement.GetProperty("images").EnumerateArray())
                images[Path.GetFileName(image.GetProperty("file_name").GetString()!)] = image.GetProperty("id").GetInt64();
            foreach (JsonElement category in json.RootElement.GetProperty("categories").EnumerateArray())
                categories[category.GetProperty("name").GetString()!] = category.GetProperty("id").GetInt64();
            return new CocoIds(images, [.. manifest.Classes.Select(c => categories.TryGetValue(c.Name, out long id) ? id
                : throw new CommandException($"{path} has no category {c.Name}. Rename it there, or leave --ids out."))]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException($"{path} is not a COCO file {{images: [{{id, file_name}}], categories: [{{id, name}}]}}: {e.Message}");
        }
    }
}
