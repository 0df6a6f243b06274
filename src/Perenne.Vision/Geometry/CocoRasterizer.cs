namespace Perenne.Vision.Geometry;

/// <summary>Rasterises polygons pixel for pixel as pycocotools does, for figures that must agree with it. To draw, or to keep holes, use <see cref="ScanlineRasterizer"/>.</summary>
/// <remarks>Source: COCO API, <c>maskApi.c</c>, "rleFrPoly": the outline is sampled on a grid of 1/5 pixel; each crossing of a column's centre toggles the column-major bitmap from there on.</remarks>
public static class CocoRasterizer
{
    private const double Scale = 5;

    /// <summary>One ring as a mask.</summary>
    /// <param name="ring">Corners in image pixels; not closed.</param>
    /// <param name="size">The image's size.</param>
    /// <exception cref="ArgumentException">Fewer than three corners, or one that is not finite.</exception>
    public static RunLengthMask Rasterize(ReadOnlySpan<ImagePoint> ring, ImageSize size)
    {
        if (ring.Length < 3)
            throw new ArgumentException($"A polygon needs at least 3 corners, but has {ring.Length}.", nameof(ring));
        var toggles = new List<uint>();
        for (int i = 0; i < ring.Length; i++)
            Walk(ring, i, size, toggles);
        toggles.Sort();
        return FromToggles(toggles, size);
    }

    /// <summary>The union of several rings, as COCO means a segmentation of more than one polygon (it knows no holes).</summary>
    /// <exception cref="ArgumentException">There is no ring, or one of them is refused.</exception>
    public static RunLengthMask Rasterize(PolygonShape polygon, ImageSize size)
    {
        var masks = new RunLengthMask[polygon.Rings.Length];
        for (int i = 0; i < masks.Length; i++)
            masks[i] = Rasterize(polygon.Rings[i].AsSpan(), size);
        return MaskOperations.Union(masks);
    }

    // One edge: the samples of the original run along the longer axis, always from the smaller coordinate;
    // a toggle lies between two neighbouring samples that differ in x.
    private static void Walk(ReadOnlySpan<ImagePoint> ring, int index, ImageSize size, List<uint> toggles)
    {
        (int x0, int y0) = Sample(ring[index]);
        (int x1, int y1) = Sample(ring[index + 1 == ring.Length ? 0 : index + 1]);
        int dx = Math.Abs(x1 - x0), dy = Math.Abs(y1 - y0);
        if (dx == 0)
            return;
        bool alongX = dx >= dy;
        bool flipped = alongX ? x0 > x1 : y0 > y1;
        (int xs, int ys, int xe, int ye) = flipped ? (x1, y1, x0, y0) : (x0, y0, x1, y1);
        int steps = alongX ? dx : dy;
        double slope = alongX ? (double)(ye - ys) / dx : (double)(xe - xs) / dy;
        int previousX = 0, previousY = 0;
        for (int step = 0; step <= steps; step++)
        {
            int t = flipped ? steps - step : step;
            (int x, int y) = alongX
                ? (t + xs, (int)(ys + slope * t + 0.5))
                : ((int)(xs + slope * t + 0.5), t + ys);
            if (step > 0 && x != previousX)
                Toggle(x < previousX ? x : x - 1, Math.Min(y, previousY), size, toggles);
            (previousX, previousY) = (x, y);
        }
    }

    private static void Toggle(int crossing, int upperY, ImageSize size, List<uint> toggles)
    {
        double x = (crossing + 0.5) / Scale - 0.5;
        if (Math.Floor(x) != x || x < 0 || x > size.Width - 1)
            return;
        double y = Math.Ceiling(Math.Clamp((upperY + 0.5) / Scale - 0.5, 0, size.Height));
        toggles.Add((uint)((long)x * size.Height + (long)y));
    }

    private static (int X, int Y) Sample(ImagePoint point)
    {
        double x = Scale * point.X + 0.5, y = Scale * point.Y + 0.5;
        const double limit = int.MaxValue / 4;
        if (!(Math.Abs(x) < limit && Math.Abs(y) < limit))
            throw new ArgumentException($"The corner ({point.X}, {point.Y}) is not a position on an image.");
        return ((int)x, (int)y);
    }

    private static RunLengthMask FromToggles(List<uint> sorted, ImageSize size)
    {
        var runs = new RunBuilder();
        uint position = 0;
        bool foreground = false;
        foreach (uint toggle in sorted)
        {
            runs.Add(foreground, toggle - position);
            position = toggle;
            foreground = !foreground;
        }
        runs.Add(foreground, (uint)((long)size.Width * size.Height) - position);
        return runs.ToMask(size.Width, size.Height);
    }
}
