using Perenne.Vision.Geometry;

namespace Perenne.Training.Data;

/// <summary>How a crop is cut out of a picture: a window, its scale, one of the eight flips and rotations, and the contrast.</summary>
/// <param name="Left">Left edge of the window in pixels of the picture.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Size">Side of the crop in pixels of the crop.</param>
/// <param name="Scale">Pixels of the crop per pixel of the picture.</param>
/// <param name="Symmetry">Bit 0: mirrored left to right, bit 1: upside down, bit 2: transposed first.</param>
/// <param name="Gain">Factor on the grey value's distance from the middle.</param>
/// <param name="Offset">Added to the grey value, in units of 255.</param>
internal readonly record struct View(float Left, float Top, int Size, float Scale, int Symmetry, float Gain, float Offset)
{
    /// <summary>Picture coordinates of a place in the crop.</summary>
    public (float X, float Y) ToPicture(float x, float y)
    {
        if ((Symmetry & 1) != 0)
            x = Size - x;
        if ((Symmetry & 2) != 0)
            y = Size - y;
        if ((Symmetry & 4) != 0)
            (x, y) = (y, x);
        return (Left + x / Scale, Top + y / Scale);
    }

    /// <summary>Crop coordinates of a place in the picture.</summary>
    public (float X, float Y) ToCrop(float x, float y)
    {
        (x, y) = ((x - Left) * Scale, (y - Top) * Scale);
        if ((Symmetry & 4) != 0)
            (x, y) = (y, x);
        return ((Symmetry & 1) != 0 ? Size - x : x, (Symmetry & 2) != 0 ? Size - y : y);
    }

    /// <summary>A box of the picture in the crop, not yet cut at its border.</summary>
    public Box ToCrop(Box box)
    {
        (float x1, float y1) = ToCrop((float)box.X, (float)box.Y);
        (float x2, float y2) = ToCrop((float)box.Right, (float)box.Bottom);
        return Box.FromCorners(x1, y1, x2, y2);
    }
}
