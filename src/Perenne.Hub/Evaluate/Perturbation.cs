using Perenne.Imaging;
using Perenne.Vision.Statistics;
using SkiaSharp;

namespace Perenne.Hub.Evaluate;

/// <summary>What may happen to pictures in a plant, on 8-bit pixels. Pure but for the memory it hands out, which the caller frees.</summary>
/// <param name="Kind">brightness (grey values added), blur (radius), noise (standard deviation), jpeg (quality), shift (pixels), scale (factor).</param>
internal sealed record Perturbation(string Kind, double Level)
{
    public static IReadOnlyList<Perturbation> All { get; } =
    [
        .. Of("brightness", -64, -32, 32, 64), .. Of("blur", 1, 2, 4), .. Of("noise", 8, 16, 32), .. Of("jpeg", 60, 30, 10), .. Of("shift", 8, 24, 48), .. Of("scale", 0.8, 0.9, 1.1, 1.25),
    ];

    /// <summary>Where a point of the picture lies afterwards.</summary>
    public (double Scale, double Shift) Geometry => Kind switch { "shift" => (1, Level), "scale" => (Level, 0), _ => (1, 0) };

    public static bool Takes(PixelBuffer pixels) => pixels.Layout is PixelLayout.Gray8 or PixelLayout.Rgba32;

    public PixelBuffer Apply(PixelBuffer from, ulong seed) => Kind switch
    {
        "brightness" => Each(from, (value, _) => value + Level),
        "noise" => Noise(from, seed),
        "blur" => Blur(from, (int)Level),
        "shift" => Shift(from, (int)Level),
        "scale" => Skia(from, bitmap => bitmap.Resize(new SKImageInfo(Math.Max(8, (int)(from.Width * Level)), Math.Max(8, (int)(from.Height * Level)), bitmap.ColorType, bitmap.AlphaType), new SKSamplingOptions(SKFilterMode.Linear))),
        "jpeg" => Skia(from, bitmap =>
        {
            using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, (int)Level);
            using SKBitmap decoded = SKBitmap.Decode(data);
            return decoded.Copy(bitmap.ColorType);
        }),
        _ => throw new InvalidOperationException($"'{Kind}' is no perturbation."),
    };

    private static IEnumerable<Perturbation> Of(string kind, params double[] levels) => levels.Select(level => new Perturbation(kind, level));

    private static PixelBuffer Each(PixelBuffer from, Func<byte, int, double> change)
    {
        PixelBuffer to = new(from.Width, from.Height, from.Layout);
        Span<byte> a = from.Bytes, b = to.Bytes;
        bool rgba = from.Layout == PixelLayout.Rgba32;
        for (int i = 0; i < a.Length; i++)
            b[i] = rgba && i % 4 == 3 ? a[i] : (byte)Math.Clamp(change(a[i], i) + 0.5, 0, 255);
        return to;
    }

    private PixelBuffer Noise(PixelBuffer from, ulong seed)
    {
        SeededRandom random = new(seed, 0);
        // Sum of twelve uniform draws: near enough to a normal one, and the same everywhere.
        return Each(from, (value, _) =>
        {
            double sum = -6;
            for (int i = 0; i < 12; i++)
                sum += random.Next(1 << 20) / (double)(1 << 20);
            return value + (sum * Level);
        });
    }

    private static PixelBuffer Blur(PixelBuffer from, int radius)
    {
        int step = from.Layout.BytesPerPixel();
        PixelBuffer across = new(from.Width, from.Height, from.Layout), down = new(from.Width, from.Height, from.Layout);
        for (int y = 0; y < from.Height; y++)
        {
            Span<byte> a = from.Row(y), b = across.Row(y);
            for (int x = 0; x < from.Width; x++)
                for (int c = 0; c < step; c++)
                {
                    int sum = 0;
                    for (int k = -radius; k <= radius; k++)
                        sum += a[(Math.Clamp(x + k, 0, from.Width - 1) * step) + c];
                    b[(x * step) + c] = (byte)(sum / ((2 * radius) + 1));
                }
        }

        for (int y = 0; y < from.Height; y++)
        {
            Span<byte> b = down.Row(y);
            for (int i = 0; i < b.Length; i++)
            {
                int sum = 0;
                for (int k = -radius; k <= radius; k++)
                    sum += across.Row(Math.Clamp(y + k, 0, from.Height - 1))[i];
                b[i] = (byte)(sum / ((2 * radius) + 1));
            }
        }

        across.Dispose();
        return down;
    }

    // To the right and down; what comes in repeats the border.
    private static PixelBuffer Shift(PixelBuffer from, int by)
    {
        int step = from.Layout.BytesPerPixel();
        PixelBuffer to = new(from.Width, from.Height, from.Layout);
        for (int y = 0; y < from.Height; y++)
        {
            Span<byte> a = from.Row(Math.Max(0, y - by)), b = to.Row(y);
            for (int x = 0; x < from.Width; x++)
                a.Slice(Math.Max(0, x - by) * step, step).CopyTo(b[(x * step)..]);
        }

        return to;
    }

    private static PixelBuffer Skia(PixelBuffer from, Func<SKBitmap, SKBitmap> change)
    {
        SKColorType type = from.Layout == PixelLayout.Gray8 ? SKColorType.Gray8 : SKColorType.Rgba8888;
        using SKBitmap bitmap = new(new SKImageInfo(from.Width, from.Height, type, SKAlphaType.Opaque));
        for (int y = 0; y < from.Height; y++)
            from.Row(y).CopyTo(bitmap.GetPixelSpan()[(y * bitmap.RowBytes)..]);
        using SKBitmap changed = change(bitmap);
        PixelBuffer to = new(changed.Width, changed.Height, from.Layout);
        for (int y = 0; y < to.Height; y++)
            changed.GetPixelSpan().Slice(y * changed.RowBytes, to.Stride).CopyTo(to.Row(y));
        return to;
    }
}
