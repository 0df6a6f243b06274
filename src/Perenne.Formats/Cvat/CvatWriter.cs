using System.Globalization;
using System.Text;
using System.Xml;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Cvat;

/// <summary>Writes <c>annotations.xml</c>, or one file where the target ends in .xml. Coordinates have two decimals, as CVAT writes them.</summary>
internal sealed class CvatWriter : DatasetWriter
{
    public const DatasetFeature Can = DatasetFeature.Boxes | DatasetFeature.RotatedBoxes | DatasetFeature.Polygons | DatasetFeature.Polylines
        | DatasetFeature.Points | DatasetFeature.Masks | DatasetFeature.Tags | DatasetFeature.Attributes | DatasetFeature.Occluded | DatasetFeature.Groups
        | DatasetFeature.Splits | DatasetFeature.UnansweredImages | DatasetFeature.OpenLabels | DatasetFeature.OutsideImage | DatasetFeature.SubPixels
        | DatasetFeature.ImageSizes | DatasetFeature.UnusedClasses | DatasetFeature.ClassColors | DatasetFeature.ClassAttributes | DatasetFeature.ImagesInNoSplit
        | DatasetFeature.OtherSplits | DatasetFeature.WholeImageAttributes;

    private readonly XmlWriter _xml;
    private readonly string _target;
    private readonly bool _single;
    private readonly Dictionary<string, int> _groups = [];
    private int _namedGroups;
    private long _id;

    public CvatWriter(string target, DatasetHeader header, WriteOptions options) : base(Can, header, options)
    {
        _single = target.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);
        _target = target;
        string path = _single ? target : Path.Combine(target, "annotations.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _xml = XmlWriter.Create(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024),
            new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false), CloseOutput = true });
        _xml.WriteStartElement("annotations");
        _xml.WriteElementString("version", "1.1");
        _xml.WriteStartElement("meta");
        _xml.WriteStartElement("task");
        CvatLabels.Write(_xml, header);
        _xml.WriteEndElement();
        _xml.WriteEndElement();
    }

    private protected override Task CompleteFilesAsync(CancellationToken cancellationToken)
    {
        _xml.WriteEndElement();
        _xml.Flush();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _xml.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        _xml.WriteStartElement("image");
        Attribute("id", (_id++).ToString(CultureInfo.InvariantCulture));
        Attribute("name", image.FileName);
        if (image.Split is { } split)
            Attribute("subset", split);
        if (image.Size is { } size)
        {
            Attribute("width", size.Width.ToString(CultureInfo.InvariantCulture));
            Attribute("height", size.Height.ToString(CultureInfo.InvariantCulture));
        }
        foreach (AnnotationRecord annotation in image.Annotations)
        {
            CountLosses(annotation, image);
            Write(annotation);
        }
        _xml.WriteEndElement();
        if (!_single)
            TransferImage(image, Path.Combine(_target, "images", image.Split ?? "", image.FileName));
        return Task.CompletedTask;
    }

    private void Write(AnnotationRecord a)
    {
        switch (a.Shape)
        {
            case BoxShape b:
                Begin("box", a);
                Corners(b.Box.X, b.Box.Y, b.Box.Right, b.Box.Bottom);
                break;
            case RotatedBoxShape { Box: var r }:
                Begin("box", a);
                Corners(r.CenterX - r.Width / 2, r.CenterY - r.Height / 2, r.CenterX + r.Width / 2, r.CenterY + r.Height / 2);
                Attribute("rotation", ((r.AngleDegrees % 360 + 360) % 360).ToString("0.####", CultureInfo.InvariantCulture));
                break;
            case PolygonShape p:
                Begin("polygon", a);
                Points(p.Rings[0]);
                break;
            case PolylineShape l:
                Begin("polyline", a);
                Points(l.Points);
                break;
            case PointShape p:
                Begin("points", a);
                Points([p.Point]);
                break;
            case MaskShape m when CvatMask.Encode(m.Mask) is { } mask:
                Begin("mask", a);
                Attribute("rle", string.Join(", ", mask.Runs));
                foreach ((string name, int value) in ((string, int)[])[("left", mask.Left), ("top", mask.Top), ("width", mask.Width), ("height", mask.Height)])
                    Attribute(name, value.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                Begin("tag", a);
                break;
        }
        foreach (AnnotationAttribute attribute in a.Attributes)
        {
            _xml.WriteStartElement("attribute");
            Attribute("name", attribute.Name);
            _xml.WriteString(attribute.Value);
            _xml.WriteEndElement();
        }
        _xml.WriteEndElement();
    }

    private void Begin(string kind, AnnotationRecord a)
    {
        _xml.WriteStartElement(kind);
        Attribute("label", a.Label ?? "");
        if (kind != "tag")
            Attribute("occluded", a.Occluded ? "1" : "0");
        if (a.GroupId is { } group)
            Attribute("group_id", GroupNumber(group).ToString(CultureInfo.InvariantCulture));
    }

    // CVAT's groups are numbers from 1; names get numbers from the far end, where they meet no other.
    private int GroupNumber(string group) => IsGroupNumber(group, out int number) || _groups.TryGetValue(group, out number)
        ? number : _groups[group] = int.MaxValue - _namedGroups++;

    private static bool IsGroupNumber(string group, out int number) =>
        int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && group[0] != '0';

    private void CountLosses(AnnotationRecord a, AnnotatedImage image)
    {
        if (a.GroupId is { } group && !IsGroupNumber(group, out _))
            Losses.Add(DatasetFeature.GroupNames, image.FileName, group);
        if (a.Shape is null && a.Occluded)
            Losses.Add(DatasetFeature.Occluded, image.FileName, $"tag {a.Label}");
    }

    private void Corners(double left, double top, double right, double bottom)
    {
        Attribute("xtl", Text(left));
        Attribute("ytl", Text(top));
        Attribute("xbr", Text(right));
        Attribute("ybr", Text(bottom));
    }

    private void Points(IEnumerable<ImagePoint> points) => Attribute("points", string.Join(';', points.Select(p => Text(p.X) + "," + Text(p.Y))));

    private void Attribute(string name, string value) => _xml.WriteAttributeString(name, value);

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
