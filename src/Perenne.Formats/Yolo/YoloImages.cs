namespace Perenne.Formats.Yolo;

/// <summary>The images a source lists: the name the record gets, and where the image is (or would be).</summary>
internal static class YoloImages
{
    public static IEnumerable<(string FileName, string Path)> Of(YoloSource source, string root, ReadProblems problems) =>
        source.IsList ? FromList(source, root, problems) : FromFolder(source);

    private static IEnumerable<(string, string)> FromFolder(YoloSource source)
    {
        bool any = false;
        if (Directory.Exists(source.Path))
            foreach (string file in DatasetFiles.Enumerate(source.Path, "*").Where(FileLookup.IsImage))
            {
                any = true;
                yield return (Relative(source.Path, file), file);
            }
        string labels = YoloPaths.LabelFolderOf(source.Path);
        if (any || !Directory.Exists(labels))
            yield break;
        // Labels alone: the image's extension is not known, so the name has none.
        foreach (string file in DatasetFiles.Enumerate(labels, "*.txt"))
        {
            string name = Path.ChangeExtension(Relative(labels, file), null);
            yield return (name, Path.Combine(source.Path, name + ".jpg"));
        }
    }

    private static IEnumerable<(string, string)> FromList(YoloSource source, string root, ReadProblems problems)
    {
        int number = 0;
        string list = Relative(root, source.Path);
        foreach (string line in File.ReadLines(source.Path))
        {
            number++;
            string entry = line.Trim();
            if (entry.Length == 0)
                continue;
            if (!SafePath.TryNormalize(entry, out string safe))
            {
                problems.Report(SafePath.Problem(list, $"line {number}", entry));
                continue;
            }
            // Darknet writes paths from its own folder: data/obj_train_data/1.jpg lies in obj_train_data.
            string path = Path.Combine(root, safe);
            if (!File.Exists(path) && safe.StartsWith("data/", StringComparison.Ordinal) && !Directory.Exists(Path.Combine(root, "data")))
                path = Path.Combine(root, safe = safe["data/".Length..]);
            yield return (NameOf(safe, source.Split), path);
        }
    }

    // The folder that every image of the split lies in is layout, not name.
    private static string NameOf(string path, string? split)
    {
        foreach (string prefix in (string[])[$"images/{split}/", $"{split}/images/", "images/", $"obj_{split}_data/", $"obj_{(split == "val" ? "valid" : split)}_data/"])
            if (path.StartsWith(prefix, StringComparison.Ordinal))
                return path[prefix.Length..];
        return path;
    }

    private static string Relative(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');
}
