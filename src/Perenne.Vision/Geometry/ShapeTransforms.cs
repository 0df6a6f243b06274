using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Moves shapes along with their image.</summary>
public static class ShapeTransforms
{
    private const double Tolerance = 1e-12;

    /// <summary>The shape on the target image, uncut but for masks.</summary>
    /// <remarks>
    /// The kind is kept where it can be: a box stays one under flips, quarter turns, scales and crops; it becomes a rotated box under other turns. A rotated box stays one while its sides stay perpendicular. Otherwise both become polygons with the exact outline.
    /// A mask is its outline moved and filled again by pixel centres on the target image.
    /// </remarks>
    public static Shape Apply(ImageTransform map, Shape shape) => shape switch
    {
        PointShape s => new PointShape(map.Apply(s.Point)),
        PolylineShape s => new PolylineShape(Moved(map, s.Points)),
        PolygonShape s => Moved(map, s),
        MaskShape s => new MaskShape(Moved(map, s.Mask)),
        BoxShape s => MovedBox(map, s.Box),
        RotatedBoxShape s => MovedRotated(map, s.Box),
        _ => throw new ArgumentException($"Unknown shape {shape.GetType().Name}.", nameof(shape)),
    };

    private static ImmutableArray<ImagePoint> Moved(ImageTransform map, ImmutableArray<ImagePoint> points) => [.. points.Select(map.Apply)];

    private static PolygonShape Moved(ImageTransform map, PolygonShape polygon) => new([.. polygon.Rings.Select(r => Moved(map, r))]);

    private static RunLengthMask Moved(ImageTransform map, RunLengthMask mask) => mask.Size == map.Source
        ? ScanlineRasterizer.Rasterize(Moved(map, MaskTracer.Trace(mask)), map.Target)
        : throw new ArgumentException($"The mask is {mask.Width} × {mask.Height}, but the image is {map.Source.Width} × {map.Source.Height}.", nameof(mask));

    private static Shape MovedBox(ImageTransform map, Box box)
    {
        if ((map.B == 0 && map.D == 0) || (map.A == 0 && map.E == 0))
        {
            ImagePoint p = map.Apply(new ImagePoint(box.X, box.Y)), q = map.Apply(new ImagePoint(box.Right, box.Bottom));
            return new BoxShape(Box.FromCorners(p.X, p.Y, q.X, q.Y));
        }
        return MovedRotated(map, new RotatedBox(box.X + box.Width / 2, box.Y + box.Height / 2, box.Width, box.Height, 0));
    }

    private static Shape MovedRotated(ImageTransform map, RotatedBox box)
    {
        (double sin, double cos) = Corners.SinCos(box.AngleDegrees);
        // Images of the box's two axes; a rotated box again only while they are perpendicular.
        (double ux, double uy) = (map.A * cos + map.B * sin, map.D * cos + map.E * sin);
        (double vx, double vy) = (map.B * cos - map.A * sin, map.E * cos - map.D * sin);
        double u = double.Hypot(ux, uy), v = double.Hypot(vx, vy);
        if (Math.Abs(ux * vx + uy * vy) > Tolerance * u * v)
            return PolygonShape.FromRing(Corners.Of(box).Select(map.Apply));
        ImagePoint centre = map.Apply(new ImagePoint(box.CenterX, box.CenterY));
        return new RotatedBoxShape(new RotatedBox(centre.X, centre.Y, box.Width * u, box.Height * v, Math.Atan2(uy, ux) * 180 / Math.PI));
    }
}
