using SkiaSharp;

namespace Perenne.Bench.Drift;

/// <summary>The twelve changes a plant fears, at the strengths the table names. Facts that would give some of them away (size, quantisation tables) are not used.</summary>
internal static class Corruptions
{
    public const string Shift = "shift";

    private const int Side = BoardPictures.Side;

    public static IReadOnlyList<(string Name, string Strength, Func<byte[], Random, byte[]> Apply)> All { get; } =
    [
        ("blur", "Gaussian, σ 0.8 px", (g, _) => Gaussian(g, 0.8)),
        ("defocus", "disc of radius 1.5 px", (g, _) => Disc(g, 1.5)),
        ("dark", "gain 0.9", (g, _) => Map(g, v => v * 0.9)),
        ("bright", "+20 grey levels", (g, _) => Map(g, v => v + 20)),
        ("contrast", "0.85 about the middle", (g, _) => Map(g, v => 128 + 0.85 * (v - 128))),
        ("noise", "σ 5 grey levels", (g, r) => Map(g, v => v + 5 * Math.Sqrt(-2 * Math.Log(1 - r.NextDouble())) * Math.Cos(2 * Math.PI * r.NextDouble()))),
        ("JPEG 30", "stored again at quality 30", (g, _) => Jpeg(g, 30)),
        // Nothing on these pictures has a place of its own (they are cut anywhere out of larger boards): the replay holds one of them still for this one.
        (Shift, "12 px to the right (2 % of the side), edge repeated; one board in a fixture, σ 1.5 px", (g, _) => Warp(g, (x, y) => (x - 12, y))),
        ("rotation", "2° about the centre, edge repeated", (g, _) => Warp(g, Turned(2))),
        ("occlusion", "a dark spot of 120 px at one place (3 % of the picture)", (g, _) => Spot(g, 400, 120, 120)),
        ("grey ramp", "gain 0.9 to 1.1 from left to right", (g, _) => Ramp(g)),
        ("resolution", "reduced to 70 % and enlarged again", (g, _) => Reduced(g, 0.7)),
    ];

    private static byte[] Map(byte[] grey, Func<double, double> of) => Array.ConvertAll(grey, v => Clamp(of(v)));

    private static byte Clamp(double v) => (byte)Math.Clamp(Math.Round(v), 0, 255);

    private static byte[] Gaussian(byte[] grey, double sigma)
    {
        int radius = (int)Math.Ceiling(3 * sigma);
        double[] kernel = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        double sum = kernel.Sum();
        byte[] Pass(byte[] from, int stepX, int stepY)
        {
            byte[] to = new byte[from.Length];
            for (int y = 0; y < Side; y++)
                for (int x = 0; x < Side; x++)
                {
                    double value = 0;
                    for (int k = -radius; k <= radius; k++)
                        value += kernel[k + radius] * from[Math.Clamp(y + k * stepY, 0, Side - 1) * Side + Math.Clamp(x + k * stepX, 0, Side - 1)];
                    to[y * Side + x] = Clamp(value / sum);
                }
            return to;
        }
        return Pass(Pass(grey, 1, 0), 0, 1);
    }

    private static byte[] Disc(byte[] grey, double radius)
    {
        int reach = (int)Math.Ceiling(radius);
        (int X, int Y)[] inside = [.. from dy in Enumerable.Range(-reach, 2 * reach + 1) from dx in Enumerable.Range(-reach, 2 * reach + 1) where dx * dx + dy * dy <= radius * radius select (dx, dy)];
        byte[] to = new byte[grey.Length];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
            {
                int sum = 0;
                foreach ((int dx, int dy) in inside)
                    sum += grey[Math.Clamp(y + dy, 0, Side - 1) * Side + Math.Clamp(x + dx, 0, Side - 1)];
                to[y * Side + x] = (byte)((sum + inside.Length / 2) / inside.Length);
            }
        return to;
    }

    private static byte[] Jpeg(byte[] grey, int quality)
    {
        using SKBitmap bitmap = Bitmap(grey);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        using SKBitmap back = SKBitmap.Decode(data.ToArray());
        return Pixels(back);
    }

    private static byte[] Reduced(byte[] grey, double factor)
    {
        using SKBitmap bitmap = Bitmap(grey);
        int small = (int)(Side * factor);
        SKSamplingOptions smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);
        using SKBitmap reduced = bitmap.Resize(new SKImageInfo(small, small, SKColorType.Gray8, SKAlphaType.Opaque), smooth);
        using SKBitmap back = reduced.Resize(new SKImageInfo(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque), smooth);
        return Pixels(back);
    }

    private static Func<double, double, (double, double)> Turned(double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        const double middle = Side / 2.0;
        return (x, y) => (middle + (x - middle) * cos + (y - middle) * sin, middle - (x - middle) * sin + (y - middle) * cos);
    }

    private static byte[] Warp(byte[] grey, Func<double, double, (double X, double Y)> from)
    {
        byte[] to = new byte[grey.Length];
        double At(int x, int y) => grey[Math.Clamp(y, 0, Side - 1) * Side + Math.Clamp(x, 0, Side - 1)];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
            {
                (double sx, double sy) = from(x, y);
                int left = (int)Math.Floor(sx), top = (int)Math.Floor(sy);
                double fx = sx - left, fy = sy - top;
                to[y * Side + x] = Clamp((At(left, top) * (1 - fx) + At(left + 1, top) * fx) * (1 - fy) + (At(left, top + 1) * (1 - fx) + At(left + 1, top + 1) * fx) * fy);
            }
        return to;
    }

    private static byte[] Spot(byte[] grey, int left, int top, int size)
    {
        byte[] to = [.. grey];
        for (int y = top; y < top + size; y++)
            to.AsSpan(y * Side + left, size).Fill(20);
        return to;
    }

    private static byte[] Ramp(byte[] grey)
    {
        byte[] to = new byte[grey.Length];
        for (int i = 0; i < grey.Length; i++)
            to[i] = Clamp(grey[i] * (0.9 + 0.2 * (i % Side) / Side));
        return to;
    }

    private static SKBitmap Bitmap(byte[] grey)
    {
        SKBitmap bitmap = new(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        grey.CopyTo(bitmap.GetPixelSpan());
        return bitmap;
    }

    private static byte[] Pixels(SKBitmap bitmap)
    {
        using SKBitmap grey = bitmap.ColorType == SKColorType.Gray8 ? bitmap.Copy() : bitmap.Copy(SKColorType.Gray8);
        return grey.GetPixelSpan().ToArray();
    }
}
