using SkiaSharp;

namespace Perenne.Hub.Tests.Collect;

/// <summary>Small real files, different for each seed.</summary>
internal static class Pictures
{
    public static byte[] Png(int seed, int width = 96, int height = 64) => Encode(seed, width, height, SKEncodedImageFormat.Png);

    public static byte[] Jpeg(int seed, int width = 96, int height = 64) => Encode(seed, width, height, SKEncodedImageFormat.Jpeg);

    private static byte[] Encode(int seed, int width, int height, SKEncodedImageFormat format)
    {
        Random random = new(seed);
        using SKBitmap bitmap = new(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(SKColors.Gray);
        for (int i = 0; i < 12; i++)
        {
            byte grey = (byte)random.Next(256);
            using SKPaint paint = new() { Color = new(grey, grey, grey) };
            canvas.DrawRect(random.Next(width), random.Next(height), random.Next(8, width / 2), random.Next(8, height / 2), paint);
        }

        using SKData data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
