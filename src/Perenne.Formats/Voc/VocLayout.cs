namespace Perenne.Formats.Voc;

/// <summary>Which XML files there are and in which split: by <c>ImageSets/Main/train.txt</c> and its like, otherwise by folder.</summary>
internal static class VocLayout
{
    private static readonly string[] Splits = ["train", "val", "trainval", "test"];

    public static IEnumerable<(string? Split, string Name, string? Xml)> Entries(string root, ReadProblems problems)
    {
        string annotations = Path.Combine(root, "Annotations");
        if (!Directory.Exists(annotations))
        {
            foreach (string file in DatasetFiles.Enumerate(root, "*.xml"))
            {
                string folder = Path.GetFileName(Path.GetDirectoryName(file)!);
                yield return (Path.GetDirectoryName(file) == root ? null : folder == "valid" ? "val" : folder, Path.GetFileNameWithoutExtension(file), file);
            }
            yield break;
        }
        HashSet<string> listed = [];
        foreach (string split in Splits)
        {
            string list = Path.Combine(root, "ImageSets", "Main", split + ".txt");
            if (!File.Exists(list))
                continue;
            int number = 0;
            foreach (string line in File.ReadLines(list))
            {
                number++;
                // Lists per class have a second column; only the name matters. trainval repeats what train and val said.
                string name = line.Trim().Split(' ', 2)[0];
                if (name.Length == 0 || split == "trainval" && listed.Contains(name))
                    continue;
                if (!SafePath.TryNormalize(name, out string safe))
                {
                    problems.Report(SafePath.Problem($"ImageSets/Main/{split}.txt", $"line {number}", name));
                    continue;
                }
                listed.Add(safe);
                string xml = Path.Combine(annotations, safe + ".xml");
                yield return (split == "trainval" ? "train" : split, safe, File.Exists(xml) ? xml : null);
            }
        }
        foreach (string file in DatasetFiles.Enumerate(annotations, "*.xml"))
        {
            string name = Path.ChangeExtension(Path.GetRelativePath(annotations, file), null).Replace('\\', '/');
            if (!listed.Contains(name))
                yield return (null, name, file);
        }
    }
}
