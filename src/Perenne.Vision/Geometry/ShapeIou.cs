using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Intersection over union between shapes of any two kinds.</summary>
/// <remarks>
/// <para>Every kind is a region of the plane. Box, rotated box, polygon (even-odd, holes kept): their exact area. Point: a disc whose radius is the tolerance. Polyline: a band of that half-width with round joints and ends (arcs as 32-gons inscribed in the circle). Mask: its pixels as unit squares.</para>
/// <para>All pairs are exact on these regions, but mask × polygon, rotated box, point or polyline: the other shape is rasterised by pixel centres on the mask's image first. Mask × box stays exact.</para>
/// <para>Two points reach an IoU of 0.5 when they are within 0.53 × tolerance of each other. A shape without area (an empty mask, a box of width 0) has IoU 0 with everything, itself included.</para>
/// </remarks>
public static class ShapeIou
{
    /// <summary>Radius of a point and half-width of a polyline, pixels, unless said otherwise.</summary>
    public const double DefaultTolerance = 5;

    /// <summary>IoU in [0, 1]; symmetric.</summary>
    /// <param name="a">One shape.</param>
    /// <param name="b">The other.</param>
    /// <param name="tolerance">Radius of points and half-width of polylines, pixels, &gt; 0.</param>
    /// <exception cref="ArgumentException">Two masks of different sizes.</exception>
    public static double Of(Shape a, Shape b, double tolerance = DefaultTolerance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        switch (a, b)
        {
            case (BoxShape x, BoxShape y):
                return BoxIou.Of(x.Box, y.Box);
            case (MaskShape x, MaskShape y):
                return MaskOperations.Iou(x.Mask, y.Mask);
            case (PointShape x, PointShape y):
                return Circles(x.Point, y.Point, tolerance);
        }
        if (!Touch(ShapeBounds.Of(a, tolerance), ShapeBounds.Of(b, tolerance)))
            return 0;
        return (a, b) switch
        {
            (MaskShape x, _) => WithMask(x.Mask, b, tolerance),
            (_, MaskShape y) => WithMask(y.Mask, a, tolerance),
            _ => Regions(PlaneRegion.Of(a, tolerance), PlaneRegion.Of(b, tolerance)),
        };
    }

    /// <summary>IoU of two rotated boxes, exact: one convex outline is clipped by the other.</summary>
    public static double OfRotated(RotatedBox a, RotatedBox b) =>
        Touch(ShapeBounds.OfPoints(Corners.Of(a)), ShapeBounds.OfPoints(Corners.Of(b)))
            ? Regions(PlaneRegion.OfConvex(Corners.Of(a)), PlaneRegion.OfConvex(Corners.Of(b)))
            : 0;

    private static double Regions(PlaneRegion a, PlaneRegion b)
    {
        // An order of its own, so that Of(a, b) and Of(b, a) round alike.
        if (a.CompareTo(b) > 0)
            (a, b) = (b, a);
        double areaA = a.Area, areaB = b.Area;
        double intersection = a.Convex is { } x && b.Convex is { } y
            ? ConvexClipping.IntersectionArea(x.AsSpan(), y.AsSpan())
            : RegionOverlap.Area(a, b);
        return Ratio(intersection, areaA, areaB);
    }

    private static double WithMask(RunLengthMask mask, Shape other, double tolerance)
    {
        if (other is BoxShape box)
            return Ratio(MaskBoxes.IntersectionArea(mask, box.Box), mask.Area, box.Box.Area);
        RunLengthMask raster = PlaneRegion.Of(other, tolerance).Rasterize(mask.Size);
        return MaskOperations.Iou(mask, raster);
    }

    private static double Circles(ImagePoint a, ImagePoint b, double radius)
    {
        double half = Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y)) / 2 / radius;
        if (half >= 1)
            return 0;
        double lens = 2 * (Math.Acos(half) - half * Math.Sqrt(1 - half * half));
        return lens / (2 * Math.PI - lens);
    }

    private static double Ratio(double intersection, double areaA, double areaB)
    {
        double common = Math.Min(intersection, Math.Min(areaA, areaB));
        return common > 0 ? common / (areaA + areaB - common) : 0;
    }

    private static bool Touch(Box? a, Box? b) => a is { } x && b is { } y
        && x.X <= y.Right && y.X <= x.Right && x.Y <= y.Bottom && y.Y <= x.Bottom;
}
