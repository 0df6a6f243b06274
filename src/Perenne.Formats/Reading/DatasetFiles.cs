namespace Perenne.Formats;

/// <summary>Files of a data set in one stable order (ordinal by path, folder by folder), never through links that lead elsewhere.</summary>
internal static class DatasetFiles
{
    private const int DepthLimit = 12;

    public static IEnumerable<string> Enumerate(string folder, string pattern) => Enumerate(folder, pattern, 0);

    public static bool IsInside(string root, string path)
    {
        string full = Path.GetFullPath(path), top = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        return full == top || full.StartsWith(top + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Enumerate(string folder, string pattern, int depth)
    {
        if (depth > DepthLimit)
            yield break;
        string[] files = Directory.GetFiles(folder, pattern);
        Array.Sort(files, StringComparer.Ordinal);
        foreach (string file in files)
            yield return file;
        string[] folders = Directory.GetDirectories(folder);
        Array.Sort(folders, StringComparer.Ordinal);
        foreach (string below in folders)
        {
            if (new DirectoryInfo(below).LinkTarget is not null)
                continue;
            foreach (string file in Enumerate(below, pattern, depth + 1))
                yield return file;
        }
    }
}
