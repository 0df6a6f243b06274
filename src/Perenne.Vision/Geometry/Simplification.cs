using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Fewer points, the same course within a tolerance.</summary>
/// <remarks>Source: D. Douglas, T. Peucker, Cartographica 10(2), 1973; without recursion, so that long outlines cannot overflow the stack.</remarks>
public static class Simplification
{
    /// <summary>An open line: kept points are a part of the given ones, ends included, and no dropped point is farther than the tolerance from the line.</summary>
    /// <param name="points">The line.</param>
    /// <param name="tolerance">Pixels, &gt;= 0.</param>
    public static ImmutableArray<ImagePoint> Line(ReadOnlySpan<ImagePoint> points, double tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        if (points.Length < 3)
            return [.. points];
        var keep = new bool[points.Length];
        keep[0] = keep[^1] = true;
        var open = new Stack<(int First, int Last)>([(0, points.Length - 1)]);
        while (open.TryPop(out (int First, int Last) part))
        {
            (int farthest, double distance) = Farthest(points, part.First, part.Last);
            if (distance <= tolerance)
                continue;
            keep[farthest] = true;
            open.Push((part.First, farthest));
            open.Push((farthest, part.Last));
        }
        var kept = ImmutableArray.CreateBuilder<ImagePoint>();
        for (int i = 0; i < points.Length; i++)
            if (keep[i])
                kept.Add(points[i]);
        return kept.ToImmutable();
    }

    /// <summary>A closed ring, cut at its first point and the one farthest from it; unchanged where fewer than three points would stay.</summary>
    /// <param name="ring">Corners, not closed.</param>
    /// <param name="tolerance">Pixels, &gt;= 0.</param>
    public static ImmutableArray<ImagePoint> Ring(ReadOnlySpan<ImagePoint> ring, double tolerance)
    {
        if (ring.Length < 4)
            return [.. ring];
        (int opposite, _) = FarthestFrom(ring, ring[0]);
        ImmutableArray<ImagePoint> there = Line(ring[..(opposite + 1)], tolerance), back = Line([.. ring[opposite..], ring[0]], tolerance);
        ImmutableArray<ImagePoint> simple = [.. there, .. back.AsSpan()[1..^1]];
        return simple.Length < 3 ? [.. ring] : simple;
    }

    /// <summary>Every ring of a polygon.</summary>
    public static PolygonShape Polygon(PolygonShape polygon, double tolerance) => new([.. polygon.Rings.Select(r => Ring(r.AsSpan(), tolerance))]);

    private static (int Index, double Distance) Farthest(ReadOnlySpan<ImagePoint> points, int first, int last)
    {
        (int index, double distance) = (-1, -1.0);
        for (int i = first + 1; i < last; i++)
        {
            double d = PointInShape.DistanceToSegment(points[first], points[last], points[i]);
            if (d > distance)
                (index, distance) = (i, d);
        }
        return (index, distance);
    }

    private static (int Index, double Distance) FarthestFrom(ReadOnlySpan<ImagePoint> points, ImagePoint from)
    {
        (int index, double distance) = (0, -1.0);
        for (int i = 0; i < points.Length; i++)
        {
            double d = PointInShape.DistanceToSegment(from, from, points[i]);
            if (d > distance)
                (index, distance) = (i, d);
        }
        return (index, distance);
    }
}
