namespace Perenne.Imaging;

/// <summary>The strongest corners of each cell (Shi and Tomasi 1994, smaller eigenvalue), so that they cover the view evenly, with BRIEF descriptors.</summary>
internal static class CornerFinder
{
    private const int Cell = 20, Margin = 18, Window = 2;
    private static readonly (sbyte X0, sbyte Y0, sbyte X1, sbyte Y1)[] Pairs = MakePairs();

    public static ViewPointOfInterest[] Find(GrayImage image)
    {
        (int w, int h) = (image.Width, image.Height);
        if (w <= 2 * Margin || h <= 2 * Margin)
            return [];
        byte[] smooth = Smooth(Smooth(image.Pixels, w, h), w, h);
        List<ViewPointOfInterest> found = [];
        for (int cy = Margin; cy < h - Margin; cy += Cell)
            for (int cx = Margin; cx < w - Margin; cx += Cell)
            {
                (double best, int bx, int by) = (40, 0, 0);
                for (int y = cy; y < Math.Min(cy + Cell, h - Margin); y++)
                    for (int x = cx; x < Math.Min(cx + Cell, w - Margin); x++)
                        if (Corner(smooth, w, x, y) is var score && score > best)
                            (best, bx, by) = (score, x, y);
                if (bx > 0)
                    found.Add(Describe(smooth, w, bx, by));
            }
        return [.. found];
    }

    private static double Corner(byte[] p, int w, int x, int y)
    {
        // A quick look first: flat surroundings cannot hold a corner.
        int at = y * w + x;
        if (Math.Abs(p[at - 2] - p[at + 2]) + Math.Abs(p[at - 2 * w] - p[at + 2 * w]) + Math.Abs(p[at - 2 * w - 2] - p[at + 2 * w + 2]) < 12)
            return 0;
        double xx = 0, yy = 0, xy = 0;
        for (int dy = -Window; dy <= Window; dy++)
            for (int dx = -Window; dx <= Window; dx++)
            {
                int q = at + dy * w + dx, gx = p[q + 1] - p[q - 1], gy = p[q + w] - p[q - w];
                (xx, yy, xy) = (xx + gx * gx, yy + gy * gy, xy + gx * gy);
            }
        const double N = (2 * Window + 1) * (2 * Window + 1);
        return ((xx + yy) / 2 - Math.Sqrt((xx - yy) * (xx - yy) / 4 + xy * xy)) / N;
    }

    private static ViewPointOfInterest Describe(byte[] p, int w, int x, int y)
    {
        Span<ulong> bits = stackalloc ulong[4];
        for (int i = 0; i < 256; i++)
        {
            (sbyte x0, sbyte y0, sbyte x1, sbyte y1) = Pairs[i];
            // Three levels of slack keep flat surroundings, and what noise makes of them, from deciding bits.
            if (p[(y + y0) * w + x + x0] > p[(y + y1) * w + x + x1] + 3)
                bits[i >> 6] |= 1UL << (i & 63);
        }
        return new ViewPointOfInterest(x, y, bits[0], bits[1], bits[2], bits[3]);
    }

    private static byte[] Smooth(byte[] p, int w, int h)
    {
        byte[] to = new byte[p.Length];
        for (int y = 1; y < h - 1; y++)
            for (int x = 1; x < w - 1; x++)
            {
                int a = y * w + x;
                to[a] = (byte)((p[a - w - 1] + p[a - w + 1] + p[a + w - 1] + p[a + w + 1] + 2 * (p[a - w] + p[a - 1] + p[a + 1] + p[a + w]) + 4 * p[a] + 8) >> 4);
            }
        return to;
    }

    private static (sbyte, sbyte, sbyte, sbyte)[] MakePairs()
    {
        Random random = new(77);
        sbyte Next() => (sbyte)Math.Clamp((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 14, -15, 15);
        return [.. Enumerable.Range(0, 256).Select(_ => (Next(), Next(), Next(), Next()))];
    }
}
