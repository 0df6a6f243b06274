using SkiaSharp;

namespace Perenne.Hub.Tests.Collect;

/// <summary>Small real files, different for each seed.</summary>
internal static class Pictures
{
    public static byte[] Png(int seed, int width = 96, int height = 64) => Encode(seed, width, height, SKEncodedImageFormat.Png);

    public static byte[] Jpeg(int seed, int width = 96, int height = 64, int quality = 90) => Encode(seed, width, height, SKEncodedImageFormat.Jpeg, quality);

    /// <summary>A PNG about as large as its pixels.</summary>
    public static byte[] Noise(int seed, int width, int height)
    {
        using SKBitmap bitmap = new(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        byte[] pixels = new byte[width * height];
        new Random(seed).NextBytes(pixels);
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static byte[] Encode(int seed, int width, int height, SKEncodedImageFormat format, int quality = 90)
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

        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
