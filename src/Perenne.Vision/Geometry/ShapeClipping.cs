using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Cuts shapes at the border of an image.</summary>
public static class ShapeClipping
{
    /// <summary>What of a shape lies on the image: nothing, one shape, or the pieces of a polyline.</summary>
    /// <remarks>A box stays a box. A rotated box that reaches outside becomes a polygon. A concave polygon's pieces stay one polygon, joined along the border. Masks are not cut: they have their image's size.</remarks>
    public static ImmutableArray<Shape> ToImage(Shape shape, ImageSize size)
    {
        var image = new Box(0, 0, size.Width, size.Height);
        switch (shape)
        {
            case BoxShape s:
                double left = Math.Max(0, s.Box.X), top = Math.Max(0, s.Box.Y);
                double width = Math.Min(size.Width, s.Box.Right) - left, height = Math.Min(size.Height, s.Box.Bottom) - top;
                return width > 0 && height > 0 ? [new BoxShape(new Box(left, top, width, height))] : [];
            case PointShape s:
                return PointInShape.Contains(new BoxShape(image), s.Point) ? [shape] : [];
            case MaskShape s:
                return s.Mask.Area > 0 ? [shape] : [];
            case PolylineShape s:
                return Pieces(s, image);
            case RotatedBoxShape s:
                return IsInside(shape, image) ? [shape] : Clipped(PolygonShape.FromRing(Corners.Of(s.Box)), image);
            case PolygonShape s:
                return IsInside(shape, image) ? [shape] : Clipped(s, image);
            default:
                throw new ArgumentException($"Unknown shape {shape.GetType().Name}.", nameof(shape));
        }
    }

    /// <summary>The share of a shape's area on the image, in [0, 1]: to drop annotations a crop has all but cut off.</summary>
    /// <param name="shape">A shape with area; 0 without.</param>
    /// <param name="size">The image.</param>
    public static double VisibleShare(Shape shape, ImageSize size)
    {
        double area = PolygonArea.Of(shape);
        return area == 0 ? 0 : Math.Min(1, ToImage(shape, size).Sum(PolygonArea.Of) / area);
    }

    private static bool IsInside(Shape shape, Box image) => ShapeBounds.Of(shape) is { } b
        && b.X >= 0 && b.Y >= 0 && b.Right <= image.Right && b.Bottom <= image.Bottom;

    private static ImmutableArray<Shape> Clipped(PolygonShape polygon, Box image)
    {
        ImagePoint[] border = Corners.Of(image);
        ImmutableArray<ImmutableArray<ImagePoint>> rings = [.. polygon.Rings
            .Select(r => ConvexClipping.Clip(r.AsSpan(), border))
            .Where(r => r.Length >= 3 && PolygonArea.OfRing(r) > 0)
            .Select(r => (ImmutableArray<ImagePoint>)[.. r])];
        return rings.IsEmpty ? [] : [new PolygonShape(rings)];
    }

    private static ImmutableArray<Shape> Pieces(PolylineShape line, Box image)
    {
        var pieces = ImmutableArray.CreateBuilder<Shape>();
        List<ImagePoint> current = [];
        for (int i = 0; i + 1 < line.Points.Length; i++)
        {
            ImagePoint a = line.Points[i], b = line.Points[i + 1];
            if (Inside(a, b, image) is not (double from, double to))
                continue;
            ImagePoint start = At(a, b, from), end = At(a, b, to);
            if (current.Count == 0 || from > 0)
            {
                Finish(current, pieces);
                current.Add(start);
            }
            current.Add(end);
            if (to < 1)
                Finish(current, pieces);
        }
        Finish(current, pieces);
        return pieces.ToImmutable();
    }

    private static void Finish(List<ImagePoint> current, ImmutableArray<Shape>.Builder pieces)
    {
        if (current.Count > 1)
            pieces.Add(new PolylineShape([.. current]));
        current.Clear();
    }

    private static ImagePoint At(ImagePoint a, ImagePoint b, double t) => t == 0 ? a : t == 1 ? b : new(a.X + (b.X - a.X) * t, a.Y + (b.Y - a.Y) * t);

    // Liang and Barsky (1984): the stretch [from, to] of the segment inside the box.
    private static (double From, double To)? Inside(ImagePoint a, ImagePoint b, Box box)
    {
        double from = 0, to = 1;
        bool Cut(double step, double room)
        {
            if (step == 0)
                return room >= 0;
            if (step < 0)
                from = Math.Max(from, room / step);
            else
                to = Math.Min(to, room / step);
            return from < to;
        }
        return Cut(a.X - b.X, a.X - box.X) && Cut(b.X - a.X, box.Right - a.X) && Cut(a.Y - b.Y, a.Y - box.Y) && Cut(b.Y - a.Y, box.Bottom - a.Y)
            ? (from, to) : null;
    }
}
