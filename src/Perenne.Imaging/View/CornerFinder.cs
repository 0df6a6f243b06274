namespace Perenne.Imaging;

/// <summary>The strongest corners of each cell (Shi and Tomasi 1994, smaller eigenvalue), so that they cover the view evenly, with BRIEF descriptors.</summary>
internal static class CornerFinder
{
    private const int Cell = 20, Margin = 18, Window = 2;
    private const float MinScore = 40;
    private static readonly (sbyte X0, sbyte Y0, sbyte X1, sbyte Y1)[] Pairs = MakePairs();

    public static ViewPointOfInterest[] Find(GrayImage image)
    {
        (int w, int h) = (image.Width, image.Height);
        if (w <= 2 * Margin || h <= 2 * Margin)
            return [];
        byte[] smooth = Smooth(Smooth(image.Pixels, w, h), w, h);
        int across = (w - 2 * Margin + Cell - 1) / Cell;
        List<ViewPointOfInterest> found = [];
        (float Score, int X, int Y)[] best = new (float, int, int)[across];
        TensorSums sums = new(smooth, w, Window, Margin);
        for (int y = Margin; y < h - Margin; y++)
        {
            sums.MoveTo(y);
            for (int x = Margin; x < w - Margin; x++)
            {
                ref (float Score, int X, int Y) cell = ref best[(x - Margin) / Cell];
                if (sums.SmallerEigenvalue(x, Math.Max(MinScore, cell.Score)) is var score && score > cell.Score)
                    cell = (score, x, y);
            }
            if ((y + 1 - Margin) % Cell != 0 && y + 1 < h - Margin)
                continue;
            foreach ((float score, int bx, int by) in best)
                if (score > 0)
                    found.Add(Describe(smooth, w, bx, by));
            Array.Clear(best);
        }
        return [.. found];
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
