using System.Collections.Immutable;

namespace Perenne.Formats.Yolo;

/// <summary>One place that lists images: a folder, or a text file with one path per line.</summary>
internal sealed record YoloSource(string? Split, string Path, bool IsList);

/// <summary>Finds the classes and the images of a YOLO data set in the layouts tools write.</summary>
internal sealed record YoloLayout(string Root, ImmutableArray<LabelClass> Classes, ImmutableArray<YoloSource> Sources)
{
    private static readonly string[] NameFiles = ["obj.names", "classes.txt", "labels.txt", "data.names"];
    private static readonly (string File, string Split)[] Lists = [("train.txt", "train"), ("val.txt", "val"), ("valid.txt", "val"), ("test.txt", "test")];

    public static YoloLayout Find(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Directory.Exists(full) ? full : Path.GetDirectoryName(full)!;
        string? yaml = Directory.Exists(full) ? FindYaml(full) : IsYaml(full) && File.Exists(full) ? full : null;
        if (yaml is not null)
        {
            YoloYaml data = YoloYaml.Read(yaml, Path.GetRelativePath(root, yaml));
            return new(root, data.Classes, [.. data.Splits.SelectMany(s => YamlSource(root, data.Path, s.Split, s.Value))]);
        }
        return new(root, ReadNames(root), [.. PlainSources(root)]);
    }

    /// <summary>The yaml that names classes: <c>data.yaml</c> before others.</summary>
    public static string? FindYaml(string folder)
    {
        IEnumerable<string> candidates = Directory.GetFiles(folder).Where(IsYaml).Order(StringComparer.Ordinal)
            .OrderBy(f => Path.GetFileNameWithoutExtension(f) is "data" or "dataset" ? 0 : 1);
        return candidates.FirstOrDefault(f => File.ReadLines(f).Take(10_000).Any(l => l.StartsWith("names", StringComparison.Ordinal)));
    }

    public static string? FindNames(string root) =>
        NameFiles.Select(n => Path.Combine(root, n)).FirstOrDefault(File.Exists) ?? Directory.GetFiles(root, "*.names").Order(StringComparer.Ordinal).FirstOrDefault();

    private static bool IsYaml(string path) => path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    private static ImmutableArray<LabelClass> ReadNames(string root)
    {
        string file = FindNames(root) ?? throw new DatasetFormatException(
            new(Path.GetFileName(root), "", "no class names were found", "data.yaml, obj.names or classes.txt"));
        string[] names = File.ReadAllLines(file);
        int used = Array.FindLastIndex(names, n => n.Trim().Length > 0) + 1;
        return YoloYaml.Unique(names.Take(used).Select((n, i) => ((long)i, n.Trim())), Path.GetFileName(file));
    }

    // Exports name folders relative to wherever the trainer once ran (../train/images, data/train.txt, valid for val);
    // what matters is where those files are now, and that they are inside the data set.
    private static IEnumerable<YoloSource> YamlSource(string root, string? basePath, string split, string value)
    {
        string plain = value.Replace('\\', '/');
        while (plain.StartsWith("../", StringComparison.Ordinal) || plain.StartsWith("./", StringComparison.Ordinal))
            plain = plain[(plain.IndexOf('/', StringComparison.Ordinal) + 1)..];
        List<string> candidates = [plain];
        if (basePath is not null)
            candidates.Add(basePath.Replace('\\', '/').Trim('/') + "/" + plain);
        foreach (string other in (string[])["train", "val", "valid", "validation", "test"])
            if (SameSplit(other, split))
                candidates.AddRange([$"{other}/images", $"images/{other}", other]);
        foreach (string candidate in candidates)
        {
            if (!SafePath.TryNormalize(candidate, out string safe))
                continue;
            string at = Path.Combine(root, safe);
            if (Directory.Exists(at))
                return [new(split, at, false)];
            if (File.Exists(at))
                return [new(split, at, true)];
            string labels = YoloPaths.LabelFolderOf(at);
            if (Directory.Exists(labels))
                return [new(split, at, false)]; // Labels without their images: names come from the label files.
        }
        return [];
    }

    private static bool SameSplit(string a, string b)
    {
        static string Key(string s) => s is "valid" or "validation" ? "val" : s;
        return Key(a) == Key(b);
    }

    private static IEnumerable<YoloSource> PlainSources(string root)
    {
        foreach ((string file, string split) in Lists)
            if (File.Exists(Path.Combine(root, file)))
                yield return new(split, Path.Combine(root, file), true);
        if (Lists.Any(l => File.Exists(Path.Combine(root, l.File))))
            yield break;
        foreach (string name in (string[])["images", "Images", "JPEGImages"])
        {
            string images = Path.Combine(root, name);
            if (!Directory.Exists(images))
                continue;
            string[] below = Directory.GetDirectories(images);
            Array.Sort(below, StringComparer.Ordinal);
            if (below.Length == 0)
                yield return new(null, images, false);
            foreach (string split in below)
                yield return new(Path.GetFileName(split), split, false);
            yield break;
        }
        string[] splits = [.. Directory.GetDirectories(root).Where(d => Directory.Exists(Path.Combine(d, "images"))).Order(StringComparer.Ordinal)];
        foreach (string split in splits)
            yield return new(Path.GetFileName(split), Path.Combine(split, "images"), false);
        if (splits.Length == 0)
            yield return new(null, root, false);
    }
}
