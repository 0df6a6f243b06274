namespace Perenne.Vision.Geometry;

/// <summary>Intersection of convex polygons.</summary>
/// <remarks>Source: I. Sutherland, G. Hodgman, "Reentrant polygon clipping", CACM 17(1), 1974.</remarks>
public static class ConvexClipping
{
    /// <summary>The part of <paramref name="subject"/> inside the convex ring <paramref name="clip"/>; empty where there is none.</summary>
    /// <param name="subject">A ring of either direction; convex for an exact outline (a concave one keeps its area, joined by edges along the clip's border).</param>
    /// <param name="clip">A convex ring of either direction.</param>
    public static ImagePoint[] Clip(ReadOnlySpan<ImagePoint> subject, ReadOnlySpan<ImagePoint> clip)
    {
        double direction = PolygonArea.Signed(clip) < 0 ? -1 : 1;
        List<ImagePoint> current = [.. subject], next = [];
        for (int i = 0; i < clip.Length && current.Count > 0; i++)
        {
            ImagePoint a = clip[i], b = clip[i + 1 == clip.Length ? 0 : i + 1];
            if (a == b)
                continue;
            Cut(current, a, b, direction, next);
            (current, next) = (next, current);
            next.Clear();
        }
        return [.. current];
    }

    /// <summary>The area two convex rings share, pixels².</summary>
    public static double IntersectionArea(ReadOnlySpan<ImagePoint> a, ReadOnlySpan<ImagePoint> b) => PolygonArea.OfRing(Clip(a, b));

    private static void Cut(List<ImagePoint> ring, ImagePoint a, ImagePoint b, double direction, List<ImagePoint> kept)
    {
        ImagePoint previous = ring[^1];
        double before = Side(a, b, previous) * direction;
        foreach (ImagePoint point in ring)
        {
            double side = Side(a, b, point) * direction;
            if ((side < 0 && before > 0) || (side > 0 && before < 0))
            {
                double t = before / (before - side);
                kept.Add(new ImagePoint(previous.X + (point.X - previous.X) * t, previous.Y + (point.Y - previous.Y) * t));
            }
            if (side >= 0)
                kept.Add(point);
            (previous, before) = (point, side);
        }
    }

    private static double Side(ImagePoint a, ImagePoint b, ImagePoint p) => (b.X - a.X) * (p.Y - a.Y) - (b.Y - a.Y) * (p.X - a.X);
}
