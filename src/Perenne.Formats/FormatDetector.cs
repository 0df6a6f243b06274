using Perenne.Formats.Yolo;

namespace Perenne.Formats;

/// <summary>Looks at names first and at the first bytes second; never reads a data set to the end.</summary>
internal static class FormatDetector
{
    private const int LabelSample = 50;

    public static DetectedFormat? Detect(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) ? DetectFile(full) : Directory.Exists(full) ? DetectFolder(full) : null;
    }

    private static DetectedFormat? DetectFile(string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".json" or ".ndjson" or ".jsonl":
                return JsonSniffer.Sniff(path) is { } json ? new(json, $"the keys of {Path.GetFileName(path)}") : null;
            case ".xml":
                return XmlSniffer.Sniff(path) is { } xml ? new(xml, $"the root element of {Path.GetFileName(path)}") : null;
            case ".yaml" or ".yml" or ".names" or ".data":
                return DetectYolo(Path.GetDirectoryName(path)!, Path.GetFileName(path));
            case ".txt" when Path.GetFileName(path) is "train.txt" or "test.txt":
                return DetectFolder(Path.GetDirectoryName(path)!);
            default:
                return null;
        }
    }

    private static DetectedFormat? DetectFolder(string folder)
    {
        if (YoloLayout.FindYaml(folder) is { } yaml)
            return DetectYolo(folder, Path.GetFileName(yaml));
        foreach (string pattern in (string[])["*.json", "*.ndjson", "*.jsonl", "*.xml"])
            foreach (string file in DatasetFiles.Enumerate(folder, pattern).Take(20))
                if (DetectFile(file) is { } found)
                    return found;
        if (IsDeepPcb(folder))
            return new("deeppcb", "text files of x1 y1 x2 y2 type beside the images");
        return YoloLayout.FindNames(folder) is { } names ? DetectYolo(folder, Path.GetFileName(names)) : null;
    }

    private static DetectedFormat DetectYolo(string folder, string reason)
    {
        bool corners = false, polygons = false;
        foreach (string row in FirstRows(folder, file => !File.Exists(Path.ChangeExtension(file, ".yaml"))))
        {
            string[] words = row.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            bool dota = words.Length is 9 or 10 && !double.TryParse(words[8], System.Globalization.CultureInfo.InvariantCulture, out _);
            corners |= dota || words.Length is 9 or 10 && double.TryParse(words[0], System.Globalization.CultureInfo.InvariantCulture, out _);
            polygons |= !dota && words.Length >= 7 && words.Length % 2 == 1 && words.Length != 9;
        }
        return polygons ? new("yolo-segment", reason + ", rows of polygons") : corners ? new("yolo-obb", reason + ", rows of four corners") : new("yolo", reason);
    }

    private static bool IsDeepPcb(string folder)
    {
        string? row = FirstRows(folder, _ => true).FirstOrDefault();
        string[] words = row?.Split((char[])[' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length == 5 && words[4] is ['1' or '2' or '3' or '4' or '5' or '6'] && words[..4].All(w => int.TryParse(w, System.Globalization.CultureInfo.InvariantCulture, out _));
    }

    // The first row of each of the first label files: text files below the root, lists and read-mes of the root left out.
    private static IEnumerable<string> FirstRows(string folder, Func<string, bool> wanted)
    {
        foreach (string file in DatasetFiles.Enumerate(folder, "*.txt").Where(f => Path.GetDirectoryName(f) != folder && wanted(f)).Take(LabelSample))
        {
            string? row = File.ReadLines(file).FirstOrDefault(l => l.Trim().Length > 0);
            if (row is { Length: < 1_000_000 } && (char.IsAsciiDigit(row.Trim()[0]) || row.Trim()[0] is '-' or '.'))
                yield return row;
        }
    }
}
