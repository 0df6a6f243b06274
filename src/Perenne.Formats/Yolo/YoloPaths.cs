namespace Perenne.Formats.Yolo;

/// <summary>Where the label file of an image lies.</summary>
internal static class YoloPaths
{
    private static readonly (string Images, string Labels)[] Pairs =
        [("images", "labels"), ("images", "labelTxt"), ("Images", "Annotations"), ("Images", "Labels"), ("JPEGImages", "labels")];

    /// <summary>The label file of an image, or null where there is none.</summary>
    public static string? LabelOf(string imagePath)
    {
        string text = Path.ChangeExtension(imagePath, ".txt");
        foreach ((string images, string labels) in Pairs)
            if (Swap(text, images, labels) is { } candidate && File.Exists(candidate))
                return candidate;
        return File.Exists(text) ? text : null;
    }

    /// <summary>The folder of labels that belongs to a folder of images; the first that exists, otherwise <c>labels</c>.</summary>
    public static string LabelFolderOf(string imageFolder)
    {
        string inside = imageFolder + "/";
        return Pairs.Select(p => Swap(inside, p.Images, p.Labels)).FirstOrDefault(Directory.Exists)
            ?? Swap(inside, "images", "labels") ?? imageFolder;
    }

    private static string? Swap(string path, string images, string labels)
    {
        string step = Path.DirectorySeparatorChar + images + Path.DirectorySeparatorChar;
        int at = path.LastIndexOf(step, StringComparison.Ordinal);
        return at < 0 ? null : string.Concat(path.AsSpan(0, at + 1), labels, path.AsSpan(at + step.Length - 1));
    }
}
