using System.Runtime.InteropServices;

namespace Perenne.Vision.Geometry;

/// <summary>Between run lengths and bitmaps of one byte per pixel.</summary>
public static class MaskBitmap
{
    /// <summary>Encodes a row-major bitmap; any value but 0 is foreground.</summary>
    /// <param name="pixels">Row-major, length width × height.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <exception cref="ArgumentException">The bitmap's length is not width × height.</exception>
    public static RunLengthMask Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (pixels.Length != (long)width * height)
            throw new ArgumentException($"A bitmap of {width} × {height} has {(long)width * height} bytes, but {pixels.Length} were given.", nameof(pixels));
        var runs = new RunBuilder();
        for (int x = 0; x < width; x++)
            for (int y = 0, at = x; y < height; y++, at += width)
                runs.Add(pixels[at] != 0, 1);
        return runs.ToMask(width, height);
    }

    /// <summary>Fills a row-major bitmap with 0 and <paramref name="foreground"/>.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="pixels">Row-major, at least width × height bytes.</param>
    /// <param name="foreground">The value of foreground pixels.</param>
    /// <exception cref="ArgumentException">The bitmap is too small.</exception>
    public static void Decode(RunLengthMask mask, Span<byte> pixels, byte foreground = 1)
    {
        long needed = (long)mask.Width * mask.Height;
        if (pixels.Length < needed)
            throw new ArgumentException($"A bitmap of {mask.Width} × {mask.Height} needs {needed} bytes, but has {pixels.Length}.", nameof(pixels));
        pixels[..(int)needed].Clear();
        foreach (ColumnRun run in MaskColumns.Of(mask))
            for (int y = run.Top, at = run.Top * mask.Width + run.Column; y < run.Bottom; y++, at += mask.Width)
                pixels[at] = foreground;
    }

    /// <summary>The mask as a new row-major bitmap of 0 and 1.</summary>
    public static byte[] Decode(RunLengthMask mask)
    {
        var pixels = new byte[(long)mask.Width * mask.Height];
        Decode(mask, pixels);
        return pixels;
    }
}
