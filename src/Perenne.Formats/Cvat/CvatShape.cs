using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Perenne.Formats.Xml;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Cvat;

/// <summary>One shape of a CVAT image.</summary>
internal static class CvatShape
{
    /// <summary>The annotations of one element; a <c>points</c> element of several points gives one each, in one group.</summary>
    public static IEnumerable<AnnotationRecord> Read(XElement e, ImageSize? size)
    {
        AnnotationRecord record = new(Text(e, "label"), null)
        {
            Occluded = Text(e, "occluded") == "1", GroupId = Text(e, "group_id") is { } group and not "0" ? group : null,
            SourceId = Text(e, "id"), Attributes = Attributes(e),
        };
        switch (e.Name.LocalName)
        {
            case "box":
                return [record with { Shape = BoxOf(e) }];
            case "polygon":
                return [record with { Shape = PolygonShape.FromRing(AtLeast(e, Points(e), 3)) }];
            case "polyline":
                return [record with { Shape = new PolylineShape(AtLeast(e, Points(e), 2)) }];
            case "points":
                ImmutableArray<ImagePoint> points = AtLeast(e, Points(e), 1);
                return points.Length == 1 ? [record with { Shape = new PointShape(points[0]) }]
                    : points.Select(p => record with { Shape = new PointShape(p), GroupId = record.GroupId ?? $"line {XmlRecords.LineOf(e)[5..]}" });
            case "ellipse":
                return [record with { Shape = Ellipse(e) }];
            case "mask":
                return [record with { Shape = CvatMask.Read(e, size) }];
            case "tag":
                return [record];
            default:
                throw new XmlRecordException(e, $"the element {e.Name}", "box, polygon, polyline, points, ellipse, mask or tag");
        }
    }

    public static string? Text(XElement e, string name) => e.Attribute(name)?.Value is { Length: > 0 } text ? text : null;

    public static double Number(XElement e, string name) => XmlRecords.Number(e, e.Attribute(name)?.Value, name);

    // The stored corners are those before the turn about the centre.
    private static Shape BoxOf(XElement e)
    {
        double left = Number(e, "xtl"), top = Number(e, "ytl"), right = Number(e, "xbr"), bottom = Number(e, "ybr");
        if (right < left || bottom < top)
            throw new XmlRecordException(e, "a right or lower edge before the left or upper one", "xtl <= xbr and ytl <= ybr");
        double angle = Text(e, "rotation") is null ? 0 : Number(e, "rotation");
        return angle == 0 ? new BoxShape(new(left, top, right - left, bottom - top))
            : new RotatedBoxShape(new((left + right) / 2, (top + bottom) / 2, right - left, bottom - top, angle));
    }

    // An ellipse has no kind of its own here; 64 corners stay within 0.13 % of its radius.
    private static PolygonShape Ellipse(XElement e)
    {
        const int corners = 64;
        double rx = Number(e, "rx"), ry = Number(e, "ry"), turn = (Text(e, "rotation") is null ? 0 : Number(e, "rotation")) * Math.PI / 180;
        double cx = Number(e, "cx"), cy = Number(e, "cy");
        (double sin, double cos) = Math.SinCos(turn);
        return PolygonShape.FromRing(Enumerable.Range(0, corners).Select(i =>
        {
            (double y, double x) = Math.SinCos(2 * Math.PI * i / corners);
            return new ImagePoint(cx + x * rx * cos - y * ry * sin, cy + x * rx * sin + y * ry * cos);
        }));
    }

    private static ImmutableArray<ImagePoint> Points(XElement e)
    {
        string text = Text(e, "points") ?? throw new XmlRecordException(e, "no points", "points as x1,y1;x2,y2");
        var points = ImmutableArray.CreateBuilder<ImagePoint>();
        foreach (Range range in text.AsSpan().Split(';'))
        {
            ReadOnlySpan<char> pair = text.AsSpan()[range];
            int comma = pair.IndexOf(',');
            if (comma < 0 || !TryNumber(pair[..comma], out double x) || !TryNumber(pair[(comma + 1)..], out double y))
                throw new XmlRecordException(e, $"the point \"{(pair.Length > 40 ? pair[..40] : pair)}\"", "x,y");
            points.Add(new(x, y));
        }
        return points.DrainToImmutable();
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && Math.Abs(value) <= 1e9;

    private static ImmutableArray<ImagePoint> AtLeast(XElement e, ImmutableArray<ImagePoint> points, int count) =>
        points.Length >= count ? points : throw new XmlRecordException(e, $"{points.Length} points", $"at least {count}");

    private static ImmutableArray<AnnotationAttribute> Attributes(XElement e) =>
        [.. e.Elements("attribute").Select(a => new AnnotationAttribute(Text(a, "name") ?? "", a.Value))];
}
