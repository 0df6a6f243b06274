using System.Collections.Immutable;
using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

/// <summary>Shapes of every kind on a 48 × 40 image, close enough together to overlap often.</summary>
internal static class ShapeGenerators
{
    public static ImageSize Image { get; } = new(48, 40);

    public static Gen<ImagePoint> Point { get; } = Gen.Select(Gen.Double[4, 44], Gen.Double[4, 36], (x, y) => new ImagePoint(x, y));

    public static Gen<Shape> Box { get; } = Gen.Select(Point, Point, (a, b) => (Shape)new BoxShape(Vision.Geometry.Box.FromCorners(a.X, a.Y, b.X, b.Y)));

    public static Gen<RotatedBox> Rotated { get; } = Gen.Select(Point, Gen.Double[1, 25], Gen.Double[1, 25], Gen.Double[-400, 400],
        (c, w, h, angle) => new RotatedBox(c.X, c.Y, w, h, angle));

    public static Gen<Shape> Polygon { get; } = Point.Array[3, 7].Array[1, 2].Select(rings => (Shape)new PolygonShape([.. rings.Select(r => r.ToImmutableArray())]));

    public static Gen<Shape> Polyline { get; } = Point.Array[1, 4].Select(points => (Shape)new PolylineShape([.. points]));

    public static Gen<Shape> Mask { get; } = Polygon.Select(p => (Shape)new MaskShape(ScanlineRasterizer.Rasterize((PolygonShape)p, Image)));

    public static Gen<Shape> WithoutMask { get; } = Gen.OneOf(Box, Rotated.Select(r => (Shape)new RotatedBoxShape(r)), Polygon, Polyline, Point.Select(p => (Shape)new PointShape(p)));

    public static Gen<Shape> Any { get; } = Gen.Frequency((5, WithoutMask), (1, Mask));
}
