using Perenne.Cli.Hub;
using Perenne.Formats;

namespace Perenne.Cli.Collect;

/// <summary>What is to be imported: a data set, or the image files of a folder.</summary>
internal static class ImportSource
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"];

    /// <returns>The images in a stable order; labels are null for plain images.</returns>
    public static async Task<(List<AnnotatedImage> Images, string Format, IReadOnlyList<string> Labels)> ReadAsync(string path, string format, string? list, CancellationToken cancel)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new HubFailure($"There is no file or folder '{path}'.", 0);
        HashSet<string>? wanted = list is null ? null : ReadList(path, list);
        if (format == "auto")
            format = DatasetFormats.Detect(path)?.Format ?? "images";
        if (format == "images")
            return (Keep(Files(path), wanted), format, []);
        try
        {
            await using DatasetReader reader = await DatasetFormats.OpenAsync(format, path, cancellationToken: cancel);
            List<AnnotatedImage> images = [];
            await foreach (AnnotatedImage image in reader.ReadAsync(cancel))
                images.Add(image);
            return (Keep(images, wanted), format, [.. reader.Header.Classes.Select(c => c.Name)]);
        }
        catch (DatasetFormatException error)
        {
            throw new HubFailure(error.Message, 0, error);
        }
    }

    private static List<AnnotatedImage> Keep(IEnumerable<AnnotatedImage> images, HashSet<string>? wanted) =>
        [.. images.Where(image => wanted is null || wanted.Contains(image.FileName) || wanted.Contains(Path.ChangeExtension(image.FileName, null)))];

    private static IEnumerable<AnnotatedImage> Files(string path)
    {
        if (File.Exists(path))
            return [new(Path.GetFileName(path)) { ImagePath = Path.GetFullPath(path) }];
        EnumerationOptions options = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(path, "*", options).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            .Select(file => new AnnotatedImage(Path.GetRelativePath(path, file).Replace('\\', '/')) { ImagePath = file });
    }

    /// <summary>The first word of each line names an image, with or without its extension. The list may lie in the data set.</summary>
    private static HashSet<string> ReadList(string path, string list)
    {
        string file = File.Exists(list) ? list : Path.Combine(path, list);
        if (!File.Exists(file))
            throw new HubFailure($"There is no list '{list}', neither here nor in '{path}'.", 0);
        return [.. File.ReadLines(file).Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()).OfType<string>()];
    }
}
