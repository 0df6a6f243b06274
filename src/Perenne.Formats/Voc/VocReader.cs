using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using Perenne.Formats.Xml;

namespace Perenne.Formats.Voc;

/// <summary>Reads Pascal VOC: one XML file per image; splits from <c>ImageSets/Main</c> or from the folder.</summary>
internal sealed class VocReader : DatasetReader
{
    private readonly string _root;
    private readonly List<(string? Split, string Name, string? Xml)> _entries = [];

    private VocReader(string path, ReadOptions options) : base(options)
    {
        string full = Path.GetFullPath(path);
        _root = File.Exists(full) ? Path.GetDirectoryName(full)! : full;
        if (File.Exists(full))
            _entries.Add((null, Path.GetFileNameWithoutExtension(full), full));
        else
            _entries.AddRange(VocLayout.Entries(_root, Problems));
    }

    public override DatasetHeader Header => _header;

    private DatasetHeader _header = new("voc", []);

    public static async Task<DatasetReader> OpenAsync(string path, ReadOptions options, CancellationToken cancellationToken)
    {
        // Classes are named nowhere but in the files, so they are read once; the order is alphabetical, because files come in any.
        VocReader first = new(path, options with { Lenient = true }), reader = new(path, options);
        SortedSet<string> names = new(StringComparer.Ordinal);
        await foreach (AnnotatedImage image in first.ReadImagesAsync(cancellationToken).ConfigureAwait(false))
            names.UnionWith(image.Annotations.Where(a => a.Label is not null).Select(a => a.Label!));
        reader._header = new("voc", [.. names.Select(n => new LabelClass(n))]) { ImageCount = reader._entries.Count };
        return reader;
    }

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        FileLookup lookup = new(Options, Path.Combine(_root, "JPEGImages"), Path.Combine(_root, "images"), _root);
        foreach ((string? split, string name, string? xml) in _entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AnnotatedImage? image = xml is null ? WithoutXml(name, lookup) : ReadFile(xml, lookup);
            if (image is not null)
                yield return image with { Split = split, Answer = AnswerFor(image.Annotations.Length, ImageAnswer.NoDefect) };
        }
    }

    private AnnotatedImage WithoutXml(string name, FileLookup lookup)
    {
        string? found = lookup.FindAnyExtension(name);
        return new(name + (found is null ? ".jpg" : Path.GetExtension(found))) { ImagePath = found, Size = FileLookup.SizeOf(found, Options) };
    }

    private AnnotatedImage? ReadFile(string path, FileLookup lookup)
    {
        string file = Path.GetRelativePath(_root, path).Replace('\\', '/');
        try
        {
            using XmlReader reader = XmlRecords.Open(path);
            reader.MoveToContent();
            XElement root = XmlRecords.Read(reader, file, Options.MaxRecordBytes);
            if (root.Name != "annotation")
                throw new XmlRecordException(root, $"the element {root.Name}", "annotation");
            return Read(root, file, path, lookup);
        }
        catch (XmlException e)
        {
            Problems.Report(XmlRecords.NotXml(file, e), e);
        }
        catch (XmlRecordException e)
        {
            Problems.Report(e.At(file), e);
        }
        catch (DatasetFormatException e) when (Options.Lenient)
        {
            Problems.Report(e.Problem, e);
        }
        return null;
    }

    private AnnotatedImage Read(XElement root, string file, string path, FileLookup lookup)
    {
        string name = root.Element("filename")?.Value.Trim() is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(path) + ".jpg";
        if (!SafePath.TryNormalize(name, out string safe))
            throw new XmlRecordException(root.Element("filename") ?? root, $"the file name \"{name}\" leads outside the data set", "a relative path without \"..\"");
        string beside = Path.Combine(Path.GetDirectoryName(path)!, safe);
        string? image = File.Exists(beside) ? beside : lookup.Find(safe);
        var records = ImmutableArray.CreateBuilder<AnnotationRecord>();
        foreach (XElement item in root.Elements("object"))
        {
            try
            {
                records.Add(VocObject.Read(item, Options.VocBase));
                foreach (XElement part in item.Elements("part"))
                    Losses.Add(DatasetFeature.OtherKinds, safe, "part " + part.Element("name")?.Value);
            }
            catch (XmlRecordException e)
            {
                Problems.Report(e.At(file), e);
            }
        }
        return new(safe) { ImagePath = image, Size = VocObject.Size(root) ?? FileLookup.SizeOf(image, Options), Annotations = records.DrainToImmutable() };
    }
}
