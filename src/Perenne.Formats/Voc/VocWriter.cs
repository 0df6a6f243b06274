using System.Globalization;
using System.Text;
using System.Xml;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Voc;

/// <summary>Writes <c>Annotations/NAME.xml</c> and <c>ImageSets/Main/SPLIT.txt</c>.</summary>
internal sealed class VocWriter : DatasetWriter
{
    public const DatasetFeature Can = DatasetFeature.Boxes | DatasetFeature.Difficult | DatasetFeature.Occluded | DatasetFeature.Truncated | DatasetFeature.Attributes
        | DatasetFeature.Splits | DatasetFeature.NoDefectImages | DatasetFeature.UnknownSizes | DatasetFeature.OutsideImage | DatasetFeature.SubPixels
        | DatasetFeature.ImageSizes | DatasetFeature.ImagesInNoSplit;

    private static readonly XmlWriterSettings Settings = new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false), CheckCharacters = true, Async = false };
    private readonly string _target;
    private readonly SortedDictionary<string, StreamWriter> _lists = new(StringComparer.Ordinal);

    public VocWriter(string target, DatasetHeader header, WriteOptions options) : base(Can, header, options)
    {
        _target = target;
        Directory.CreateDirectory(Path.Combine(target, "Annotations"));
    }

    private protected override async Task CompleteFilesAsync(CancellationToken cancellationToken)
    {
        foreach (StreamWriter list in _lists.Values)
            await list.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (StreamWriter list in _lists.Values)
            await list.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        string id = Path.ChangeExtension(image.FileName, null), path = Path.Combine(_target, "Annotations", id + ".xml");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
            throw new DatasetFormatException(new($"Annotations/{id}.xml", "", "two images share this file", "image names that differ in more than their extension and split"));
        using (FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write))
        using (XmlWriter w = XmlWriter.Create(stream, Settings))
            Write(w, image);
        if (image.Split is { } split)
            await List(split).WriteAsync(id + "\n").ConfigureAwait(false);
        TransferImage(image, Path.Combine(_target, "JPEGImages", image.FileName));
    }

    private void Write(XmlWriter w, AnnotatedImage image)
    {
        w.WriteStartElement("annotation");
        w.WriteElementString("filename", image.FileName);
        if (image.Size is { } size)
        {
            w.WriteStartElement("size");
            w.WriteElementString("width", Text(size.Width));
            w.WriteElementString("height", Text(size.Height));
            w.WriteElementString("depth", "3");
            w.WriteEndElement();
        }
        w.WriteElementString("segmented", "0");
        foreach (AnnotationRecord annotation in image.Annotations)
            Write(w, annotation);
        w.WriteEndElement();
    }

    private void Write(XmlWriter w, AnnotationRecord a)
    {
        Box box = ((BoxShape)a.Shape!).Box;
        w.WriteStartElement("object");
        w.WriteElementString("name", a.Label);
        w.WriteElementString("pose", "Unspecified");
        w.WriteElementString("truncated", a.Truncated ? "1" : "0");
        w.WriteElementString("difficult", a.Difficult ? "1" : "0");
        w.WriteElementString("occluded", a.Occluded ? "1" : "0");
        w.WriteStartElement("bndbox");
        w.WriteElementString("xmin", Text(box.X + Options.VocBase));
        w.WriteElementString("ymin", Text(box.Y + Options.VocBase));
        w.WriteElementString("xmax", Text(box.Right));
        w.WriteElementString("ymax", Text(box.Bottom));
        w.WriteEndElement();
        if (!a.Attributes.IsEmpty)
        {
            w.WriteStartElement("attributes");
            foreach (AnnotationAttribute attribute in a.Attributes)
            {
                w.WriteStartElement("attribute");
                w.WriteElementString("name", attribute.Name);
                w.WriteElementString("value", attribute.Value);
                w.WriteEndElement();
            }
            w.WriteEndElement();
        }
        w.WriteEndElement();
    }

    // Three decimals: whole pixels stay whole, and no figure loses more than 0.0005 pixel.
    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private StreamWriter List(string split)
    {
        if (_lists.TryGetValue(split, out StreamWriter? list))
            return list;
        string path = Path.Combine(_target, "ImageSets", "Main", split + ".txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return _lists[split] = new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
    }
}
