using SkiaSharp;

namespace Perenne.Bench.Imaging;

/// <summary>Synthetic parts, by seed.</summary>
internal static class Pictures
{
    /// <summary>Rectangles with sharp edges under sensor noise: compresses like a photographed part.</summary>
    public static byte[] Jpeg(int width, int height, SKColorType type, int seed)
    {
        Random random = new(seed);
        using SKBitmap bitmap = new(width, height, type, SKAlphaType.Opaque);
        using (SKCanvas canvas = new(bitmap))
        {
            canvas.Clear(SKColors.DimGray);
            for (int i = 0; i < 400; i++)
            {
                using SKPaint paint = new() { Color = new SKColor((byte)random.Next(40, 230), (byte)random.Next(40, 230), (byte)random.Next(40, 230)) };
                canvas.DrawRect(random.Next(width), random.Next(height), random.Next(4, width / 12), random.Next(4, height / 12), paint);
            }
        }
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = type == SKColorType.Rgba8888 && i % 4 == 3 ? (byte)255 : (byte)Math.Clamp(pixels[i] + random.Next(-6, 7), 0, 255);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return data.ToArray();
    }
}
