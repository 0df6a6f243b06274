using NetVips;

namespace Perenne.Imaging;

/// <summary>EXIF orientation (EXIF 2.32, tag 0x0112) applied to pixels: the only place where it is.</summary>
internal static class Upright
{
    private const int Tile = 64;

    public static PixelBuffer Apply(PixelBuffer stored, int orientation)
    {
        if (orientation is < 2 or > 8)
            return stored;
        bool swap = orientation >= 5;
        PixelBuffer upright = new(swap ? stored.Height : stored.Width, swap ? stored.Width : stored.Height, stored.Layout);
        // In square tiles, because a transposed walk over whole rows misses the cache at every pixel.
        for (int y = 0; y < upright.Height; y += Tile)
            for (int x = 0; x < upright.Width; x += Tile)
                CopyTile(stored, upright, orientation, x, y);
        stored.Dispose();
        return upright;
    }

    public static Image Apply(Image image, int orientation) => orientation switch
    {
        2 => image.FlipHor(),
        3 => image.Rot180(),
        4 => image.FlipVer(),
        5 => image.Rot90().FlipHor(),
        6 => image.Rot90(),
        7 => image.Rot270().FlipHor(),
        8 => image.Rot270(),
        _ => image,
    };

    private static void CopyTile(PixelBuffer stored, PixelBuffer upright, int orientation, int x0, int y0)
    {
        int size = stored.Layout.BytesPerPixel(), w = stored.Width - 1, h = stored.Height - 1;
        byte[] from = stored.Array, to = upright.Array;
        for (int y = y0; y < Math.Min(y0 + Tile, upright.Height); y++)
            for (int x = x0; x < Math.Min(x0 + Tile, upright.Width); x++)
            {
                (int sx, int sy) = orientation switch
                {
                    2 => (w - x, y),
                    3 => (w - x, h - y),
                    4 => (x, h - y),
                    5 => (y, x),
                    6 => (y, h - x),
                    7 => (w - y, h - x),
                    _ => (w - y, x),
                };
                int s = sy * stored.Stride + sx * size, d = y * upright.Stride + x * size;
                for (int i = 0; i < size; i++)
                    to[d + i] = from[s + i];
            }
    }
}
