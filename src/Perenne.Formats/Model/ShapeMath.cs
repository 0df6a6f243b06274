using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>The little geometry formats need to turn one kind of shape into another.</summary>
internal static class ShapeMath
{
    /// <summary>Corners clockwise on the screen, starting at the upper-left one of the unrotated box.</summary>
    public static ImmutableArray<ImagePoint> Corners(RotatedBox box)
    {
        (double sin, double cos) = Math.SinCos(box.AngleDegrees * Math.PI / 180);
        ImagePoint At(double dx, double dy) => new(box.CenterX + dx * cos - dy * sin, box.CenterY + dx * sin + dy * cos);
        double w = box.Width / 2, h = box.Height / 2;
        return [At(-w, -h), At(w, -h), At(w, h), At(-w, h)];
    }

    public static ImmutableArray<ImagePoint> Corners(Box box) =>
        [new(box.X, box.Y), new(box.Right, box.Y), new(box.Right, box.Bottom), new(box.X, box.Bottom)];

    /// <summary>The rectangle through four corners, or null where they are further than <paramref name="tolerance"/> pixels from any.</summary>
    public static RotatedBox? RectangleThrough(ReadOnlySpan<ImagePoint> p, double tolerance)
    {
        double area2 = 0, cx = 0, cy = 0;
        for (int i = 0; i < 4; i++)
        {
            ImagePoint a = p[i], b = p[(i + 1) % 4];
            area2 += a.X * b.Y - b.X * a.Y;
            cx += a.X / 4;
            cy += a.Y / 4;
        }
        // Positive area means clockwise on the screen, where y points down; the other way round the second and fourth change places.
        (ImagePoint one, ImagePoint three) = area2 >= 0 ? (p[1], p[3]) : (p[3], p[1]);
        double ux = (one.X - p[0].X + p[2].X - three.X) / 2, uy = (one.Y - p[0].Y + p[2].Y - three.Y) / 2;
        double vx = (three.X - p[0].X + p[2].X - one.X) / 2, vy = (three.Y - p[0].Y + p[2].Y - one.Y) / 2;
        double width = Math.Sqrt(ux * ux + uy * uy), height = Math.Sqrt(vx * vx + vy * vy);
        RotatedBox box = new(cx, cy, width, height, Math.Atan2(uy, ux) * 180 / Math.PI);
        ImmutableArray<ImagePoint> corners = Corners(box);
        ReadOnlySpan<ImagePoint> given = [p[0], one, p[2], three];
        for (int i = 0; i < 4; i++)
            if (Math.Abs(corners[i].X - given[i].X) > tolerance || Math.Abs(corners[i].Y - given[i].Y) > tolerance)
                return null;
        return box;
    }

    /// <summary>Bounds, or null for an empty mask or a shape without points.</summary>
    public static Box? Bounds(Shape shape) => shape switch
    {
        BoxShape b => b.Box,
        RotatedBoxShape r => Bounds(Corners(r.Box)),
        PolygonShape p => Bounds(p.Rings.SelectMany(r => r)),
        PolylineShape l => Bounds(l.Points),
        PointShape p => new(p.Point.X, p.Point.Y, 0, 0),
        MaskShape m => MaskOperations.Bounds(m.Mask),
        _ => throw new NotSupportedException(shape.GetType().Name),
    };

    public static double RingArea(ImmutableArray<ImagePoint> ring)
    {
        double twice = 0;
        for (int i = 0; i < ring.Length; i++)
        {
            ImagePoint a = ring[i], b = ring[(i + 1) % ring.Length];
            twice += a.X * b.Y - b.X * a.Y;
        }
        return Math.Abs(twice) / 2;
    }

    /// <summary>Even-odd test of a point against one ring.</summary>
    public static bool Contains(ImmutableArray<ImagePoint> ring, ImagePoint at)
    {
        bool inside = false;
        for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
        {
            ImagePoint a = ring[i], b = ring[j];
            if (a.Y > at.Y != b.Y > at.Y && at.X < (b.X - a.X) * (at.Y - a.Y) / (b.Y - a.Y) + a.X)
                inside = !inside;
        }
        return inside;
    }

    /// <summary>Number of other rings each ring lies in; odd means it is a hole.</summary>
    public static int[] Depths(PolygonShape polygon)
    {
        int[] depths = new int[polygon.Rings.Length];
        if (depths.Length > 1)
            for (int i = 0; i < depths.Length; i++)
                for (int j = 0; j < depths.Length; j++)
                    if (i != j && Contains(polygon.Rings[j], Inner(polygon.Rings[i])))
                        depths[i]++;
        return depths;
    }

    private static Box? Bounds(IEnumerable<ImagePoint> points)
    {
        double left = double.MaxValue, top = double.MaxValue, right = double.MinValue, bottom = double.MinValue;
        foreach (ImagePoint p in points)
            (left, top, right, bottom) = (Math.Min(left, p.X), Math.Min(top, p.Y), Math.Max(right, p.X), Math.Max(bottom, p.Y));
        return left > right ? null : new(left, top, right - left, bottom - top);
    }

    // Rings may share a corner, so a corner decides nothing; a point just inside the first edge does.
    private static ImagePoint Inner(ImmutableArray<ImagePoint> ring)
    {
        for (int i = 0; i < ring.Length; i++)
        {
            ImagePoint a = ring[i], b = ring[(i + 1) % ring.Length];
            double dx = b.X - a.X, dy = b.Y - a.Y, length = Math.Sqrt(dx * dx + dy * dy);
            if (length == 0)
                continue;
            double step = Math.Min(1e-3, length / 100);
            ImagePoint left = new((a.X + b.X) / 2 - dy / length * step, (a.Y + b.Y) / 2 + dx / length * step);
            return Contains(ring, left) ? left : new((a.X + b.X) / 2 + dy / length * step, (a.Y + b.Y) / 2 - dx / length * step);
        }
        return ring[0];
    }
}
