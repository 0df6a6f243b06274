using System.Collections.Immutable;
using Perenne.Contracts.Annotation;
using Perenne.Vision.Geometry;

namespace Perenne.Hub.Annotate;

/// <summary>Between the shapes of a document and those of Perenne.Vision.</summary>
internal static class DocumentShapes
{
    public static Shape ToShape(this DocumentShape shape) => shape switch
    {
        DocumentBox { Box: var b } => new BoxShape(new(b[0], b[1], b[2], b[3])),
        DocumentRotatedBox { RotatedBox: var r } => new RotatedBoxShape(new(r[0], r[1], r[2], r[3], r[4])),
        DocumentPolygon { Rings: var rings } => new PolygonShape([.. rings.Select(Points)]),
        DocumentPolyline { Points: var points } => new PolylineShape(Points(points)),
        DocumentPoint { Point: var p } => new PointShape(new(p[0], p[1])),
        DocumentMask { Mask: var m } => new MaskShape(MaskString.Decode(m.Counts, m.Size[1], m.Size[0])),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "An unknown kind of shape."),
    };

    public static DocumentShape ToDocument(this Shape shape, string id, string label) => shape switch
    {
        BoxShape { Box: var b } => new DocumentBox(id, label, [b.X, b.Y, b.Width, b.Height]),
        RotatedBoxShape { Box: var r } => new DocumentRotatedBox(id, label, [r.CenterX, r.CenterY, r.Width, r.Height, r.AngleDegrees]),
        PolygonShape { Rings: var rings } => new DocumentPolygon(id, label, [.. rings.Select(Pairs)]),
        PolylineShape { Points: var points } => new DocumentPolyline(id, label, Pairs(points)),
        PointShape { Point: var p } => new DocumentPoint(id, label, [p.X, p.Y]),
        MaskShape { Mask: var m } => new DocumentMask(id, label, new([m.Height, m.Width], MaskString.Encode(m))),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "An unknown kind of shape."),
    };

    private static ImmutableArray<ImagePoint> Points(ImmutableArray<ImmutableArray<double>> pairs) => [.. pairs.Select(p => new ImagePoint(p[0], p[1]))];

    private static ImmutableArray<ImmutableArray<double>> Pairs(ImmutableArray<ImagePoint> points) => [.. points.Select(p => ImmutableArray.Create(p.X, p.Y))];
}
