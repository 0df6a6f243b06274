using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Coco;

/// <summary>Reads one or several COCO instance files (one per split). Categories of several files meet by name.</summary>
internal sealed class CocoReader : DatasetReader
{
    private readonly List<CocoFile> _files;
    private readonly string _root;
    private DatasetHeader _header = new("coco", []);

    private CocoReader(string root, List<CocoFile> files, ReadOptions options) : base(options)
    {
        _root = root;
        _files = files;
    }

    public override DatasetHeader Header => _header;

    public static async Task<DatasetReader> OpenAsync(string path, ReadOptions options, CancellationToken cancellationToken)
    {
        bool isFile = File.Exists(path);
        string root = Path.GetFullPath(isFile ? Path.GetDirectoryName(Path.GetFullPath(path))! : path);
        List<CocoFile> files = [.. CocoLayout.Find(path).Select(f => new CocoFile(f.Path, Path.GetRelativePath(root, f.Path).Replace('\\', '/'), f.Split))];
        if (files.Count == 0)
            throw new DatasetFormatException(new(Path.GetFileName(path), "", "no COCO file was found", "a .json file with images, annotations and categories"));
        CocoReader reader = new(root, files, options);
        foreach (CocoFile file in files)
            await file.IndexAsync(options, reader.Problems, cancellationToken).ConfigureAwait(false);
        reader.BuildHeader();
        return reader;
    }

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (CocoFile file in _files)
        {
            using RecordFile images = new(file.FullPath), annotations = new(file.FullPath);
            Dictionary<long, string> classes = file.Categories.GroupBy(c => c.Id).ToDictionary(g => g.Key, g => g.First().Name);
            FileLookup lookup = new(Options, CocoLayout.ImageFolders(_root, file));
            foreach (var entry in file.Images)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ReadImage(images.Read(entry.Offset, entry.Length).Span, file, entry.Index) is not { } image)
                    continue;
                string? path = lookup.Find(image.FileName);
                var records = ImmutableArray.CreateBuilder<AnnotationRecord>(file.Annotations.Of(entry.Ref).Length);
                foreach (int at in file.Annotations.Of(entry.Ref))
                {
                    AnnotationIndex.Entry annotation = file.Annotations[at];
                    if (ReadAnnotation(annotations.Read(annotation.Offset, annotation.Length).Span, file, annotation.Index, classes, image) is { } record)
                        records.Add(record);
                }
                yield return new(image.FileName)
                {
                    ImagePath = path, Size = image.Size ?? FileLookup.SizeOf(path, Options), Split = file.Split, Metadata = image.Metadata,
                    Answer = AnswerFor(records.Count, ImageAnswer.NoDefect), Annotations = records.DrainToImmutable(),
                };
            }
        }
    }

    private CocoImageRecord? ReadImage(ReadOnlySpan<byte> record, CocoFile file, int index)
    {
        try
        {
            return CocoImageRecord.Parse(record);
        }
        catch (Exception e) when (e is RecordException or JsonException or InvalidOperationException)
        {
            Report(e, file, $"$.images[{index}]");
            return null;
        }
    }

    private AnnotationRecord? ReadAnnotation(ReadOnlySpan<byte> record, CocoFile file, int index, Dictionary<long, string> classes, CocoImageRecord image)
    {
        try
        {
            AnnotationRecord parsed = CocoAnnotationRecord.Parse(record, classes, out bool hasKeypoints);
            if (parsed.Shape is MaskShape mask && image.Size is { } size && mask.Mask.Size != size)
                throw new RecordException(".segmentation.size", $"{mask.Mask.Width} × {mask.Mask.Height} pixels", $"the image's size, {size.Width} × {size.Height}");
            if (hasKeypoints)
                Losses.Add(DatasetFeature.Keypoints, image.FileName);
            return parsed;
        }
        catch (Exception e) when (e is RecordException or JsonException or InvalidOperationException)
        {
            Report(e, file, $"$.annotations[{index}]");
            return null;
        }
    }

    private void Report(Exception e, CocoFile file, string path) => Problems.Report(e is RecordException r ? r.At(file.Name, path)
        : e is InvalidOperationException ? new(file.Name, path, "a property name that is not valid Unicode", "UTF-8 text")
        : new(file.Name, path, "the record changed while it was read", "a file nobody writes to"), e);

    private void BuildHeader()
    {
        List<LabelClass> classes = [];
        HashSet<string> names = [];
        foreach (CocoFile file in _files)
        {
            HashSet<long> ids = [];
            foreach (CocoCategory category in file.Categories)
            {
                if (!ids.Add(category.Id))
                    Problems.Report(new(file.Name, "$.categories", $"the category id {category.Id} twice", "unique ids"));
                if (names.Add(category.Name))
                    classes.Add(new(category.Name) { SourceId = category.Id, Parent = category.Parent });
            }
        }
        _header = new("coco", [.. classes]) { ImageCount = _files.Sum(f => (long)f.Images.Count) };
    }
}
