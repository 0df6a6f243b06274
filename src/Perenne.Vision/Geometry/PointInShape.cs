using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Containment.</summary>
public static class PointInShape
{
    /// <summary>Whether a shape contains a position. The left and upper border belong to a box, the right and lower do not; borders of polygons likewise, by the even-odd crossing rule.</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="point">The position, image pixels.</param>
    /// <param name="tolerance">Largest distance at which a point or polyline contains the position, pixels.</param>
    public static bool Contains(Shape shape, ImagePoint point, double tolerance = ShapeIou.DefaultTolerance) => shape switch
    {
        BoxShape s => point.X >= s.Box.X && point.X < s.Box.Right && point.Y >= s.Box.Y && point.Y < s.Box.Bottom,
        RotatedBoxShape s => Contains(s.Box, point),
        PolygonShape s => Contains(s.Rings, point),
        PolylineShape s => DistanceTo(s.Points, point) <= tolerance,
        PointShape s => Distance(s.Point, point) <= tolerance,
        MaskShape s => Contains(s.Mask, point),
        _ => throw new ArgumentException($"Unknown shape {shape.GetType().Name}.", nameof(shape)),
    };

    /// <summary>Whether <paramref name="inner"/> lies in <paramref name="outer"/> up to rounding: at least 1 - 1e-9 of its area is common.</summary>
    /// <param name="outer">The container.</param>
    /// <param name="inner">The contained shape, as the region of <see cref="ShapeIou"/>.</param>
    /// <param name="tolerance">Radius of points and half-width of polylines, pixels.</param>
    public static bool Contains(Shape outer, Shape inner, double tolerance = ShapeIou.DefaultTolerance)
    {
        PlaneRegion region = PlaneRegion.Of(inner, tolerance);
        return region.Area > 0 && RegionOverlap.Area(PlaneRegion.Of(outer, tolerance), region) >= region.Area * (1 - 1e-9);
    }

    /// <summary>Distance from a position to the nearest point of an open line, pixels; infinite without points.</summary>
    public static double DistanceTo(ImmutableArray<ImagePoint> line, ImagePoint point)
    {
        double nearest = line.Length == 0 ? double.PositiveInfinity : Distance(line[0], point);
        for (int i = 0; i + 1 < line.Length; i++)
            nearest = Math.Min(nearest, DistanceToSegment(line[i], line[i + 1], point));
        return nearest;
    }

    internal static double DistanceToSegment(ImagePoint a, ImagePoint b, ImagePoint p)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, squared = dx * dx + dy * dy;
        double t = squared == 0 ? 0 : Math.Clamp(((p.X - a.X) * dx + (p.Y - a.Y) * dy) / squared, 0, 1);
        return Distance(new ImagePoint(a.X + t * dx, a.Y + t * dy), p);
    }

    private static double Distance(ImagePoint a, ImagePoint b) => double.Hypot(a.X - b.X, a.Y - b.Y);

    private static bool Contains(RotatedBox box, ImagePoint point)
    {
        (double sin, double cos) = Corners.SinCos(box.AngleDegrees);
        double dx = point.X - box.CenterX, dy = point.Y - box.CenterY;
        double along = dx * cos + dy * sin, across = dy * cos - dx * sin;
        return along >= -box.Width / 2 && along < box.Width / 2 && across >= -box.Height / 2 && across < box.Height / 2;
    }

    private static bool Contains(ImmutableArray<ImmutableArray<ImagePoint>> rings, ImagePoint point)
    {
        bool inside = false;
        foreach (ImmutableArray<ImagePoint> ring in rings)
            for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
                if (ring[i].Y > point.Y != ring[j].Y > point.Y
                    && point.X < ring[i].X + (ring[j].X - ring[i].X) * ((point.Y - ring[i].Y) / (ring[j].Y - ring[i].Y)))
                    inside = !inside;
        return inside;
    }

    private static bool Contains(RunLengthMask mask, ImagePoint point)
    {
        if (!(point.X >= 0 && point.Y >= 0 && point.X < mask.Width && point.Y < mask.Height))
            return false;
        long at = (long)point.X * mask.Height + (long)point.Y, end = 0;
        ReadOnlySpan<uint> counts = mask.Counts.AsSpan();
        for (int i = 0; i < counts.Length; i++)
            if (at < (end += counts[i]))
                return i % 2 == 1;
        return false;
    }
}
