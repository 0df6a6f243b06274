namespace Perenne.Vision.Geometry;

/// <summary>Areas of rings and polygons, pixels².</summary>
public static class PolygonArea
{
    /// <summary>Signed area of a ring: positive where it runs clockwise on the screen (y points down).</summary>
    public static double Signed(ReadOnlySpan<ImagePoint> ring)
    {
        if (ring.Length < 3)
            return 0;
        // Relative to the first corner: far from the origin the products would eat the digits.
        ImagePoint origin = ring[0];
        double twice = 0;
        for (int i = 1; i + 1 < ring.Length; i++)
            twice += (ring[i].X - origin.X) * (ring[i + 1].Y - origin.Y) - (ring[i + 1].X - origin.X) * (ring[i].Y - origin.Y);
        return twice / 2;
    }

    /// <summary>Area of a ring that does not cross itself.</summary>
    public static double OfRing(ReadOnlySpan<ImagePoint> ring) => Math.Abs(Signed(ring));

    /// <summary>Area of a polygon under the even-odd rule, exact also where rings cross themselves or each other.</summary>
    public static double Of(PolygonShape polygon) => PlaneRegion.Of(polygon, ShapeIou.DefaultTolerance).Area;

    /// <summary>Area of any shape; 0 for points and polylines, pixels for masks.</summary>
    public static double Of(Shape shape) => shape switch
    {
        BoxShape s => s.Box.Area,
        RotatedBoxShape s => s.Box.Width * s.Box.Height,
        PolygonShape s => Of(s),
        MaskShape s => s.Mask.Area,
        _ => 0,
    };
}
