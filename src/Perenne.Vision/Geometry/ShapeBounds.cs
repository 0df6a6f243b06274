namespace Perenne.Vision.Geometry;

/// <summary>The smallest axis-aligned box around a shape.</summary>
public static class ShapeBounds
{
    /// <summary>The bounds of a shape; <c>null</c> where it has no point (an empty mask or polygon).</summary>
    /// <param name="shape">Any shape.</param>
    /// <param name="tolerance">Widens points and polylines on every side, pixels.</param>
    public static Box? Of(Shape shape, double tolerance = 0) => shape switch
    {
        BoxShape s => s.Box,
        RotatedBoxShape s => OfPoints(Corners.Of(s.Box)),
        PolygonShape s => OfPoints(s.Rings.SelectMany(r => r)),
        PolylineShape s => Widened(OfPoints(s.Points), tolerance),
        PointShape s => Widened(new Box(s.Point.X, s.Point.Y, 0, 0), tolerance),
        MaskShape s => MaskOperations.Bounds(s.Mask),
        _ => throw new ArgumentException($"Unknown shape {shape.GetType().Name}.", nameof(shape)),
    };

    /// <summary>The bounds of points; <c>null</c> without any.</summary>
    public static Box? OfPoints(IEnumerable<ImagePoint> points)
    {
        double left = double.PositiveInfinity, top = left, right = double.NegativeInfinity, bottom = right;
        foreach (ImagePoint p in points)
        {
            left = Math.Min(left, p.X);
            right = Math.Max(right, p.X);
            top = Math.Min(top, p.Y);
            bottom = Math.Max(bottom, p.Y);
        }
        return left <= right ? new Box(left, top, right - left, bottom - top) : null;
    }

    private static Box? Widened(Box? box, double by) => box is { } b ? new Box(b.X - by, b.Y - by, b.Width + 2 * by, b.Height + 2 * by) : null;
}
