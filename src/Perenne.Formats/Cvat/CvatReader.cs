using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Linq;
using Perenne.Formats.Xml;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Cvat;

/// <summary>Reads "CVAT for images 1.1": one XML file, image by image.</summary>
internal sealed class CvatReader : DatasetReader
{
    private readonly List<string> _files;
    private readonly string _root;
    private DatasetHeader _header = new("cvat", []);

    private CvatReader(string path, ReadOptions options) : base(options)
    {
        string full = Path.GetFullPath(path);
        _root = File.Exists(full) ? Path.GetDirectoryName(full)! : full;
        _files = File.Exists(full) ? [full] : [.. DatasetFiles.Enumerate(full, "*.xml").Where(f => XmlSniffer.Sniff(f) == "cvat")];
    }

    public override DatasetHeader Header => _header;

    public static DatasetReader Open(string path, ReadOptions options)
    {
        CvatReader reader = new(path, options);
        List<LabelClass> classes = [];
        foreach (string file in reader._files)
            reader.Guarded(file, xml =>
            {
                while (!xml.EOF && !(xml.NodeType == XmlNodeType.Element && xml.LocalName is "labels" or "image"))
                    xml.Read();
                if (!xml.EOF && xml.LocalName == "labels")
                    classes.AddRange(CvatLabels.Read(XmlRecords.Read(xml, reader.NameOf(file), options.MaxRecordBytes)));
            });
        reader._header = new("cvat", [.. classes.DistinctBy(c => c.Name)]);
        return reader;
    }

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        HashSet<string> classes = [.. _header.Classes.Select(c => c.Name)];
        foreach (string file in _files)
        {
            FileLookup lookup = new(Options, Path.Combine(_root, "images"), _root, Path.GetDirectoryName(file)!);
            using XmlReader xml = XmlRecords.Open(file);
            while (NextImage(xml, file) is { } element)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ReadImage(element, NameOf(file), lookup, classes) is { } image)
                    yield return image;
            }
        }
    }

    private XElement? NextImage(XmlReader xml, string file)
    {
        XElement? found = null;
        Guard(file, () =>
        {
            while (!xml.EOF && !(xml.NodeType == XmlNodeType.Element && xml.LocalName == "image"))
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "meta" })
                    xml.Skip();
                else if (!xml.Read())
                    break;
            if (!xml.EOF && xml.NodeType == XmlNodeType.Element)
                found = XmlRecords.Read(xml, NameOf(file), Options.MaxRecordBytes);
        });
        return found;
    }

    private AnnotatedImage? ReadImage(XElement e, string file, FileLookup lookup, HashSet<string> classes)
    {
        string? given = CvatShape.Text(e, "name"), split = CvatShape.Text(e, "subset");
        if (!SafePath.TryNormalize(given, out string name))
        {
            Problems.Report(SafePath.Problem(file, XmlRecords.LineOf(e), given));
            return null;
        }
        ImageSize? size = null;
        var records = ImmutableArray.CreateBuilder<AnnotationRecord>();
        try
        {
            if (CvatShape.Text(e, "width") is not null)
            {
                double width = CvatShape.Number(e, "width"), height = CvatShape.Number(e, "height");
                size = width >= 1 && height >= 1 ? new((int)width, (int)height) : null;
            }
        }
        catch (XmlRecordException problem)
        {
            Problems.Report(problem.At(file), problem);
        }
        foreach (XElement shape in e.Elements())
            try
            {
                foreach (AnnotationRecord record in CvatShape.Read(shape, size))
                    records.Add(record.Label is null || classes.Contains(record.Label) ? record
                        : throw new XmlRecordException(shape, $"the label \"{record.Label}\"", "a label of meta"));
            }
            catch (XmlRecordException problem)
            {
                Problems.Report(problem.At(file), problem);
            }
        string? path = (split is null ? null : lookup.Find($"{split}/{name}")) ?? lookup.Find(name);
        return new(name)
        {
            ImagePath = path, Size = size ?? FileLookup.SizeOf(path, Options), Split = split is "default" ? null : split,
            Answer = AnswerFor(records.Count, ImageAnswer.NotAnnotated), Annotations = records.DrainToImmutable(),
            Metadata = CvatShape.Text(e, "id") is { } id ? [new("id", id)] : [],
        };
    }

    private void Guarded(string file, Action<XmlReader> read) => Guard(file, () =>
    {
        using XmlReader xml = XmlRecords.Open(file);
        read(xml);
    });

    private void Guard(string file, Action read)
    {
        try
        {
            read();
        }
        catch (XmlException e)
        {
            Problems.Report(XmlRecords.NotXml(NameOf(file), e), e);
        }
        catch (DatasetFormatException e) when (Options.Lenient)
        {
            Problems.Report(e.Problem, e);
        }
    }

    private string NameOf(string file) => Path.GetRelativePath(_root, file).Replace('\\', '/');
}
