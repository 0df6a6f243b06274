using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.DeepPcb;

/// <summary>Reads DeepPCB: <c>x1 y1 x2 y2 type</c> in pixels beside each image, images listed in <c>train.txt</c> and <c>test.txt</c>.</summary>
internal sealed class DeepPcbReader(string path, ReadOptions options) : DatasetReader(options)
{
    public static readonly ImmutableArray<string> Types = ["open", "short", "mousebite", "spur", "copper", "pin-hole"];
    private static readonly (string File, string Split)[] Lists = [("train.txt", "train"), ("trainval.txt", "train"), ("val.txt", "val"), ("test.txt", "test")];

    private readonly string _root = Path.GetFullPath(File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path);

    public override DatasetHeader Header { get; } = new("deeppcb", [.. Types.Select((name, i) => new LabelClass(name) { SourceId = i + 1 })]);

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        FileLookup lookup = new(Options, _root);
        foreach ((string image, string labels, string? split) in Listed())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? found = Path.HasExtension(image) ? lookup.Find(image) : lookup.FindAnyExtension(image);
            string name = found is not null && !Path.HasExtension(image) ? image + Path.GetExtension(found) : image;
            if (ReadLabels(labels) is { } records)
                yield return new(name)
                {
                    ImagePath = found, Split = split, Size = FileLookup.SizeOf(found, Options), Annotations = records,
                    Answer = AnswerFor(records.Length, ImageAnswer.NoDefect), Metadata = [new("group", name.Split('/')[0])],
                };
        }
        string references = Path.Combine(_root, "reference");
        if (!Options.IncludeReferenceImages || !Directory.Exists(references))
            yield break;
        foreach (string file in DatasetFiles.Enumerate(references, "*").Where(FileLookup.IsImage))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = Relative(file);
            yield return new(name)
            {
                ImagePath = file, Size = FileLookup.SizeOf(file, Options), Answer = ImageAnswer.NoDefect, Metadata = [new("group", name.Split('/')[1])],
            };
        }
    }

    private IEnumerable<(string Image, string Labels, string? Split)> Listed()
    {
        var lists = Lists.Where(l => File.Exists(Path.Combine(_root, l.File))).ToList();
        foreach ((string file, string split) in lists)
        {
            int number = 0;
            foreach (string line in File.ReadLines(Path.Combine(_root, file)))
            {
                number++;
                if (Entry(file, number, line) is { } entry)
                    yield return (entry.Image, entry.Labels, split);
            }
        }
        if (lists.Count > 0)
            yield break;
        foreach (string label in DatasetFiles.Enumerate(_root, "*.txt"))
            yield return (Relative(Path.ChangeExtension(label, null)), Relative(label), null);
    }

    // One word: group/id. Two words, as the original lists have them: image, label file.
    private (string Image, string Labels)? Entry(string file, int number, string line)
    {
        string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return null;
        string labels = words.Length == 1 ? Path.ChangeExtension(words[0], ".txt") : words[1];
        if (words.Length <= 2 && SafePath.TryNormalize(words[0], out string image) && SafePath.TryNormalize(labels, out string text))
            return (image, text);
        Problems.Report(words.Length > 2 ? new(file, $"line {number}", $"{words.Length} words", "group/id, or an image and its label file")
            : SafePath.Problem(file, $"line {number}", line.Trim()));
        return null;
    }

    private ImmutableArray<AnnotationRecord>? ReadLabels(string name)
    {
        string file = Path.Combine(_root, name);
        if (!File.Exists(file))
            return [];
        var records = ImmutableArray.CreateBuilder<AnnotationRecord>();
        try
        {
            ReadOnlySpan<byte> rest = TextLines.Read(file, name, Options).Span;
            for (int line = 1; TextLines.Next(ref rest, out ReadOnlySpan<byte> row); line++)
                if (!row.Trim(" \t,"u8).IsEmpty && Row(row, name, line) is { } record)
                    records.Add(record);
        }
        catch (DatasetFormatException e) when (Options.Lenient)
        {
            Problems.Report(e.Problem, e);
            return null;
        }
        return records.DrainToImmutable();
    }

    private AnnotationRecord? Row(ReadOnlySpan<byte> row, string file, int line)
    {
        Span<double> n = stackalloc double[5];
        int count = 0;
        while (TextLines.NextWord(ref row, out ReadOnlySpan<byte> word))
        {
            if (count < 5 && !TextLines.TryNumber(word, out n[count]))
            {
                Problems.Report(new(file, $"line {line}", $"\"{Encoding.UTF8.GetString(word[..Math.Min(word.Length, 40)])}\"", "a number"));
                return null;
            }
            count++;
        }
        if (count != 5)
            Problems.Report(new(file, $"line {line}", $"{count} numbers", "5: x1 y1 x2 y2 type"));
        else if (n[4] is not (>= 1 and <= 6) || n[4] != Math.Floor(n[4]))
            Problems.Report(new(file, $"line {line}", FormattableString.Invariant($"type {n[4]}"), "1 open, 2 short, 3 mousebite, 4 spur, 5 copper or 6 pin-hole"));
        else if (n[2] < n[0] || n[3] < n[1])
            Problems.Report(new(file, $"line {line}", "a right or lower edge before the left or upper one", "x1 <= x2 and y1 <= y2"));
        else
            return new(Types[(int)n[4] - 1], new BoxShape(new(n[0], n[1], n[2] - n[0], n[3] - n[1])));
        return null;
    }

    private string Relative(string file) => Path.GetRelativePath(_root, file).Replace('\\', '/');
}
