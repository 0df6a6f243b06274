using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>
/// Label Studio stores percent of the image's sides and turns a box clockwise about its own upper-left corner.
/// The turn happens in pixels: percent are not square, so turning them would shear the box.
/// </summary>
internal static class LabelStudioGeometry
{
    /// <summary>The box in pixels from its unrotated upper-left corner and its angle.</summary>
    public static Shape FromCorner(double left, double top, double width, double height, double angle)
    {
        if (angle == 0)
            return new BoxShape(new(left, top, width, height));
        (double sin, double cos) = Math.SinCos(angle * Math.PI / 180);
        double w = width / 2, h = height / 2;
        return new RotatedBoxShape(new(left + w * cos - h * sin, top + w * sin + h * cos, width, height, angle));
    }

    /// <summary>The turned position of the upper-left corner: the point Label Studio stores.</summary>
    public static ImagePoint CornerOf(RotatedBox box)
    {
        (double sin, double cos) = Math.SinCos(box.AngleDegrees * Math.PI / 180);
        double w = box.Width / 2, h = box.Height / 2;
        return new(box.CenterX - w * cos + h * sin, box.CenterY - w * sin - h * cos);
    }

    public static ImmutableArray<ImagePoint> ToPixels(IEnumerable<ImagePoint> percent, ImageSize size) =>
        [.. percent.Select(p => new ImagePoint(p.X * size.Width / 100, p.Y * size.Height / 100))];
}
