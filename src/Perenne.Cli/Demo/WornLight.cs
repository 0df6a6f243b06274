using SkiaSharp;

namespace Perenne.Cli.Demo;

/// <summary>
/// Lays an aged lamp on a picture: less light, least on one side, a little out of focus, more noise. As much as a station still judges: a lamp that
/// takes a fifth of the light from everywhere is refused as dark, and then no model helps but a new lamp.
/// </summary>
internal static class WornLight
{
    public static byte[] On(byte[] file, int seed)
    {
        using SKBitmap sharp = SKBitmap.Decode(file);
        using SKBitmap grey = new(new SKImageInfo(sharp.Width, sharp.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        using SKBitmap blurred = new(new SKImageInfo(sharp.Width, sharp.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using (SKCanvas canvas = new(blurred))
        using (SKImageFilter filter = SKImageFilter.CreateBlur(0.8f, 0.8f))
        using (SKPaint paint = new() { ImageFilter = filter })
            canvas.DrawBitmap(sharp, 0, 0, SKSamplingOptions.Default, paint);
        ReadOnlySpan<byte> from = blurred.GetPixelSpan();
        Random random = new(seed);
        byte[] to = new byte[grey.RowBytes * grey.Height];
        for (int y = 0; y < grey.Height; y++)
        {
            for (int x = 0; x < grey.Width; x++)
            {
                ReadOnlySpan<byte> pixel = from.Slice((y * blurred.RowBytes) + (x * 4), 3);
                double light = 0.88 - (0.40 * x / grey.Width);
                double value = (((0.114 * pixel[0]) + (0.587 * pixel[1]) + (0.299 * pixel[2])) * light) + ((random.NextDouble() + random.NextDouble() - 1) * 9);
                to[(y * grey.RowBytes) + x] = (byte)Math.Clamp(value, 0, 255);
            }
        }

        System.Runtime.InteropServices.Marshal.Copy(to, 0, grey.GetPixels(), to.Length);
        using SKData data = grey.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }
}
