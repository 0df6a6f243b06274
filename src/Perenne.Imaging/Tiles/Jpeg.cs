using SkiaSharp;

namespace Perenne.Imaging;

/// <summary>Encodes Gray8 or Rgba32 pixels; alpha is dropped, because a tile shows what the model sees.</summary>
internal static class Jpeg
{
    public static unsafe void Write(ReadOnlySpan<byte> pixels, int width, int height, int stride, int channels, int quality, Stream to)
    {
        fixed (byte* p = pixels)
        {
            using SKPixmap map = new(Info(width, height, channels), (nint)p, stride);
            Write(map, quality, to);
        }
    }

    /// <summary>Scales so that the longest side is at most <paramref name="longest"/> (never up) and encodes.</summary>
    public static unsafe void WriteScaled(ReadOnlySpan<byte> pixels, int width, int height, int channels, int longest, int quality, Stream to)
    {
        double scale = Math.Min(1, (double)longest / Math.Max(width, height));
        int w = Math.Max(1, (int)Math.Round(width * scale)), h = Math.Max(1, (int)Math.Round(height * scale));
        fixed (byte* p = pixels)
        {
            using SKPixmap map = new(Info(width, height, channels), (nint)p, width * channels);
            if (w == width && h == height)
            {
                Write(map, quality, to);
                return;
            }
            using SKBitmap small = new(Info(w, h, channels));
            using SKPixmap target = small.PeekPixels();
            if (!map.ScalePixels(target, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)))
                throw new InvalidOperationException("Skia could not scale the picture.");
            Write(target, quality, to);
        }
    }

    private static void Write(SKPixmap map, int quality, Stream to)
    {
        using SKData data = map.Encode(new SKJpegEncoderOptions(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore))
            ?? throw new InvalidOperationException("Skia could not encode the picture.");
        data.SaveTo(to);
    }

    private static SKImageInfo Info(int width, int height, int channels) =>
        new(width, height, channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, channels == 1 ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
}
