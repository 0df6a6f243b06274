using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Yolo;

/// <summary>Reads YOLO label files. A missing or empty label file means no object.</summary>
internal sealed class YoloReader : DatasetReader
{
    private static readonly SearchValues<byte> NumberCharacters = SearchValues.Create("0123456789.+-eE \t,"u8);
    private readonly YoloLayout _layout;
    private readonly YoloVariant _variant;
    private readonly Dictionary<long, string> _classes;
    private readonly HashSet<string> _names;
    private readonly List<double> _scratch = [];

    public YoloReader(string path, string format, YoloVariant variant, ReadOptions options) : base(options)
    {
        _layout = YoloLayout.Find(path);
        _variant = variant;
        Header = new(format, _layout.Classes);
        _classes = _layout.Classes.ToDictionary(c => c.SourceId!.Value, c => c.Name);
        _names = [.. _classes.Values];
    }

    public override DatasetHeader Header { get; }

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (YoloSource source in _layout.Sources)
            foreach ((string fileName, string at) in YoloImages.Of(source, _layout.Root, Problems))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return ReadImage(source, fileName, at);
            }
    }

    private AnnotatedImage ReadImage(YoloSource source, string fileName, string at)
    {
        string? imagePath = File.Exists(at) ? at : new FileLookup(Options).Find(fileName);
        string? labels = YoloPaths.LabelOf(at);
        AnnotatedImage image = new(fileName) { ImagePath = imagePath, Split = source.Split, Size = FileLookup.SizeOf(imagePath, Options) };
        ImmutableArray<AnnotationRecord> records = labels is null ? [] : ReadLabels(labels, image);
        return image with { Annotations = records, Answer = AnswerFor(records.Length, ImageAnswer.NoDefect) };
    }

    private ImmutableArray<AnnotationRecord> ReadLabels(string path, AnnotatedImage image)
    {
        string name = Path.GetRelativePath(_layout.Root, path).Replace('\\', '/');
        ReadOnlySpan<byte> rest;
        try
        {
            rest = TextLines.Read(path, name, Options).Span;
        }
        catch (DatasetFormatException e) when (Options.Lenient)
        {
            Problems.Report(e.Problem, e);
            return [];
        }
        var records = ImmutableArray.CreateBuilder<AnnotationRecord>();
        for (int line = 1; TextLines.Next(ref rest, out ReadOnlySpan<byte> row); line++)
        {
            if (row.Trim(" \t,"u8).IsEmpty)
                continue;
            // DOTA rows end in a name, are in pixels and need no size; everything else is relative.
            if (image.Size is null && row.IndexOfAnyExcept(NumberCharacters) < 0)
            {
                Problems.Report(new(name, "", $"the size of {image.FileName} is unknown", "the image file, an image folder or a size, because YOLO's coordinates are relative"));
                break;
            }
            try
            {
                AnnotationRecord record = YoloRow.Parse(row, _variant, _classes, image.Size ?? new(1, 1), _scratch);
                records.Add(_names.Contains(record.Label!) ? record : throw new RowException($"the class \"{record.Label}\"", "a name of data.yaml"));
            }
            catch (RowException e)
            {
                Problems.Report(e.At(name, line), e);
            }
        }
        return records.DrainToImmutable();
    }
}
