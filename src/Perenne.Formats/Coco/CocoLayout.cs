namespace Perenne.Formats.Coco;

/// <summary>Where COCO files and their images lie: <c>annotations/instances_train.json</c>, <c>train/_annotations.coco.json</c>, or one file.</summary>
internal static class CocoLayout
{
    public static IEnumerable<(string Path, string? Split)> Find(string path)
    {
        if (File.Exists(path))
            return [(Path.GetFullPath(path), SplitOf(path))];
        string full = Path.GetFullPath(path);
        return Directory.Exists(full)
            ? DatasetFiles.Enumerate(full, "*.json").Where(f => JsonSniffer.Sniff(f) == "coco").Select(f => (f, SplitOf(f)))
            : [];
    }

    /// <summary>Folders that may hold the images of one file, likely ones first.</summary>
    public static IEnumerable<string> ImageFolders(string root, CocoFile file)
    {
        string folder = Path.GetDirectoryName(file.FullPath)!;
        string above = Path.GetDirectoryName(folder) is { } parent && parent.StartsWith(root, StringComparison.Ordinal) ? parent : folder;
        if (Path.GetFileName(folder) == "annotations")
            above = Path.GetDirectoryName(folder)!;
        if (file.Split is { } split)
            foreach (string name in (string[])["images/" + split, split, split + "2017", split + "2014"])
                yield return Path.Combine(above, name);
        yield return Path.Combine(above, "images");
        yield return folder;
        yield return above;
        yield return Path.Combine(folder, "images");
    }

    private static string? SplitOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (name.StartsWith("_annotations", StringComparison.Ordinal))
            return Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
        int at = name.LastIndexOf('_');
        string last = name[(at + 1)..];
        string bare = last.TrimEnd("0123456789".ToCharArray());
        return bare is "train" or "val" or "valid" or "test" ? bare
            : name.StartsWith("instances_", StringComparison.Ordinal) && last != "default" ? last : null;
    }
}
