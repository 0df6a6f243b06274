namespace Perenne.Vision.Geometry;

/// <summary>Corners of boxes, clockwise on the screen from the upper-left one (before rotation).</summary>
public static class Corners
{
    /// <summary>The four corners of a box.</summary>
    public static ImagePoint[] Of(Box box) => [new(box.X, box.Y), new(box.Right, box.Y), new(box.Right, box.Bottom), new(box.X, box.Bottom)];

    /// <summary>The four corners of a rotated box.</summary>
    public static ImagePoint[] Of(RotatedBox box)
    {
        (double sin, double cos) = SinCos(box.AngleDegrees);
        double halfWidth = box.Width / 2, halfHeight = box.Height / 2;
        ImagePoint At(double x, double y) => new(box.CenterX + x * cos - y * sin, box.CenterY + x * sin + y * cos);
        return [At(-halfWidth, -halfHeight), At(halfWidth, -halfHeight), At(halfWidth, halfHeight), At(-halfWidth, halfHeight)];
    }

    /// <summary>Sine and cosine of an angle in degrees; exact at multiples of 90.</summary>
    internal static (double Sin, double Cos) SinCos(double degrees)
    {
        double turn = degrees % 360;
        double quarter = turn / 90;
        if (quarter != Math.Truncate(quarter))
            return Math.SinCos(turn * Math.PI / 180);
        return ((((int)quarter % 4) + 4) % 4) switch { 0 => (0, 1), 1 => (1, 0), 2 => (0, -1), _ => (-1, 0) };
    }
}
