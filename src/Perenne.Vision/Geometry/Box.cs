namespace Perenne.Vision.Geometry;

/// <summary>An axis-aligned box in image pixels, continuous coordinates (no +1). <see cref="X"/>, <see cref="Y"/> are its upper-left corner.</summary>
/// <param name="X">Left edge, pixels.</param>
/// <param name="Y">Upper edge, pixels.</param>
/// <param name="Width">Width, pixels, &gt;= 0.</param>
/// <param name="Height">Height, pixels, &gt;= 0.</param>
public readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>Right edge, pixels.</summary>
    public double Right => X + Width;

    /// <summary>Lower edge, pixels.</summary>
    public double Bottom => Y + Height;

    /// <summary>Area, pixels².</summary>
    public double Area => Width * Height;

    /// <summary>The box with these opposite corners, in any order.</summary>
    public static Box FromCorners(double x1, double y1, double x2, double y2) =>
        new(Math.Min(x1, x2), Math.Min(y1, y2), Math.Abs(x2 - x1), Math.Abs(y2 - y1));
}

/// <summary>A rotated box. The unrotated box has its centre at (<see cref="CenterX"/>, <see cref="CenterY"/>); it is turned about that centre.</summary>
/// <param name="CenterX">Centre, pixels.</param>
/// <param name="CenterY">Centre, pixels.</param>
/// <param name="Width">Width before rotation, pixels.</param>
/// <param name="Height">Height before rotation, pixels.</param>
/// <param name="AngleDegrees">Clockwise on the screen (y points down), degrees.</param>
public readonly record struct RotatedBox(double CenterX, double CenterY, double Width, double Height, double AngleDegrees);
