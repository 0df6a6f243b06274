using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree.Adjudicate;
using Perenne.Hub.Annotate;
using Perenne.Vision.Geometry;

namespace Perenne.Hub.Agree.Pages;

/// <param name="Text">Its label as an SVG element: Razor takes "text" for a word of its own.</param>
internal sealed record DrawnShape(string Path, ShapeStanding Standing, string Words, string Text);

/// <summary>Shapes of a document as SVG paths in image pixels.</summary>
internal static class SvgShape
{
    /// <param name="size">Of the text, image pixels.</param>
    public static DrawnShape Draw(DocumentShape shape, ShapeStanding standing, double size)
    {
        string words = standing switch { ShapeStanding.NotByAll => "◇ ", ShapeStanding.OtherClass => "≠ ", _ => "" } + shape.Label;
        ImagePoint corner = Corner(shape);
        string text = $"<text x=\"{Number(corner.X)}\" y=\"{Number(Math.Max(size, corner.Y - (size / 4)))}\" font-size=\"{Number(size)}\">{WebUtility.HtmlEncode(words)}</text>";
        return new(Path(shape, size / 2), standing, words, text);
    }

    /// <param name="reach">Half the size of a point's cross, image pixels.</param>
    private static string Path(DocumentShape shape, double reach) => shape.ToShape() switch
    {
        BoxShape { Box: var box } => Closed(Corners.Of(box)),
        RotatedBoxShape { Box: var box } => Closed(Corners.Of(box)),
        PolygonShape { Rings: var rings } => string.Concat(rings.Select(ring => Closed(ring))),
        MaskShape { Mask: var mask } => string.Concat(MaskTracer.Trace(mask).Rings.Select(ring => Closed(ring))),
        PolylineShape { Points: var points } => Line(points),
        PointShape { Point: var p } => Line([new(p.X - reach, p.Y), new(p.X + reach, p.Y)]) + Line([new(p.X, p.Y - reach), new(p.X, p.Y + reach)]),
        _ => "",
    };

    private static ImagePoint Corner(DocumentShape shape) => ShapeBounds.Of(shape.ToShape()) is { } box ? new(box.X, box.Y) : new(0, 0);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Closed(IEnumerable<ImagePoint> points) => Line([.. points]) + "Z";

    private static string Line(ImmutableArray<ImagePoint> points)
    {
        StringBuilder path = new();
        for (int i = 0; i < points.Length; i++)
            path.Append(i == 0 ? 'M' : 'L').Append(Number(points[i].X)).Append(' ').Append(Number(points[i].Y));
        return path.ToString();
    }
}
