using System.Runtime.InteropServices;
using SkiaSharp;

namespace Perenne.Cli.Demo.Parts;

/// <summary>
/// Draws a machined plate on a conveyor: bore, screw holes, slot, a dot code of the part number, brushed metal, and defects where they are
/// found in life. A picture is a function of plant, part number, look and defects; nothing is random beyond the seed.
/// </summary>
internal static class PartPainter
{
    public const int Width = 480;
    public const int Height = 416;

    /// <param name="kinds">Defects that may occur; about 45 % of the parts have one to three.</param>
    public static PartPicture Paint(int plant, int number, LineLook look, IReadOnlyList<PartDefect> kinds, double defectiveShare = 0.45)
    {
        Random random = new(HashCode(plant, number));
        using SKBitmap bitmap = new(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(bitmap);
        Conveyor(canvas, random);
        SKMatrix place = SKMatrix.CreateTranslation((float)((Width / 2) + Spread(random, 5)), (float)((Height / 2) + Spread(random, 5)))
            .PreConcat(SKMatrix.CreateRotationDegrees((float)Spread(random, 1.6)));
        canvas.SetMatrix(place);
        Plate.Paint(canvas, look, random, number);
        List<PlacedDefect> defects = [];
        if (random.NextDouble() < defectiveShare)
        {
            int count = 1 + (random.NextDouble() < 0.35 ? 1 : 0) + (random.NextDouble() < 0.12 ? 1 : 0);
            for (int i = 0; i < count; i++)
                if (DefectPainter.Paint(canvas, kinds[random.Next(kinds.Count)], look, random, place, defects) is { } placed)
                    defects.Add(placed);
        }

        canvas.Flush();
        return new($"P{plant + 1}-{number:D6}", Sensor(bitmap, look, random), defects);
    }

    private static void Conveyor(SKCanvas canvas, Random random)
    {
        canvas.Clear(new SKColor(36, 36, 36));
        using SKPaint paint = new();
        for (int y = 0; y < Height; y += 3)
        {
            byte tone = (byte)(32 + random.Next(10));
            paint.Color = new SKColor(tone, tone, tone);
            canvas.DrawRect(0, y, Width, 2, paint);
        }
    }

    // What the camera makes of it: one channel, gain, vignette, blur, noise, JPEG.
    private static byte[] Sensor(SKBitmap scene, LineLook look, Random random)
    {
        using SKBitmap blurred = new(scene.Info);
        using (SKCanvas canvas = new(blurred))
        using (SKImageFilter filter = SKImageFilter.CreateBlur((float)look.Blur, (float)look.Blur))
        using (SKPaint paint = new() { ImageFilter = filter })
            canvas.DrawBitmap(scene, 0, 0, SKSamplingOptions.Default, paint);
        using SKBitmap grey = new(new SKImageInfo(Width, Height, SKColorType.Gray8, SKAlphaType.Opaque));
        ReadOnlySpan<byte> from = blurred.GetPixelSpan();
        byte[] to = new byte[grey.RowBytes * Height];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                double dx = (x - (Width / 2d)) / (Width / 2d), dy = (y - (Height / 2d)) / (Height / 2d);
                double light = look.Gain * (1 - (look.Vignette * ((dx * dx) + (dy * dy)) / 2));
                double value = (from[(y * blurred.RowBytes) + (x * 4) + 1] * light) + (look.Noise * Normal(random));
                to[(y * grey.RowBytes) + x] = (byte)Math.Clamp(Math.Round(value), 0, 255);
            }
        }

        Marshal.Copy(to, 0, grey.GetPixels(), to.Length);
        using SKData data = grey.Encode(SKEncodedImageFormat.Jpeg, 92);
        return data.ToArray();
    }

    internal static double Spread(Random random, double most) => ((random.NextDouble() * 2) - 1) * most;

    // Sum of uniforms: close enough to a normal for a sensor, and quick.
    private static double Normal(Random random) => (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2;

    private static int HashCode(int plant, int number) => unchecked((plant * 7_368_787) ^ (number * 2_654_435) ^ 0x5bd1e995);
}
