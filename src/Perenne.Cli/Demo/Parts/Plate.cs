using SkiaSharp;

namespace Perenne.Cli.Demo.Parts;

/// <summary>The good part, drawn around the origin.</summary>
internal static class Plate
{
    public const float HalfWidth = 196, HalfHeight = 164, Bore = 58, Hole = 13;

    public static readonly SKPoint[] Holes = [new(-162, -130), new(162, -130), new(-162, 130), new(162, 130)];

    public static readonly SKRect Slot = new(-70, -128, 70, -104);

    public static readonly SKRect Code = new(118, -24, 166, 24);

    /// <summary>Whether a defect of this radius would lie on bare metal.</summary>
    public static bool IsBare(SKPoint at, float radius) =>
        MathF.Abs(at.X) < HalfWidth - 12 - radius && MathF.Abs(at.Y) < HalfHeight - 12 - radius
        && at.Length > Bore + 10 + radius && Holes.All(h => SKPoint.Distance(h, at) > Hole + 8 + radius)
        && !SKRect.Inflate(Slot, radius + 4, radius + 4).Contains(at) && !SKRect.Inflate(Code, radius + 4, radius + 4).Contains(at);

    public static void Paint(SKCanvas canvas, LineLook look, Random random, int number)
    {
        SKRoundRect body = new(new SKRect(-HalfWidth, -HalfHeight, HalfWidth, HalfHeight), 16);
        (float cos, float sin) = (MathF.Cos((float)(look.LightDegrees * Math.PI / 180)), MathF.Sin((float)(look.LightDegrees * Math.PI / 180)));
        SKPoint bright = new(-cos * 200, -sin * 200), dark = new(cos * 200, sin * 200);
        using (SKPaint shadow = new() { Color = new SKColor(0, 0, 0, 150), MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 7), IsAntialias = true })
        {
            canvas.Save();
            canvas.Translate(cos * 6, sin * 6);
            canvas.DrawRoundRect(body, shadow);
            canvas.Restore();
        }

        using (SKShader shader = SKShader.CreateLinearGradient(bright, dark, [Tone(look.PlateTone * 1.14), Tone(look.PlateTone * 0.86)], SKShaderTileMode.Clamp))
        using (SKPaint metal = new() { Shader = shader, IsAntialias = true })
            canvas.DrawRoundRect(body, metal);
        Brushed(canvas, body, look, random);
        Rim(canvas, path => path.AddRoundRect(body), bright, dark, 3, raised: true);
        Recess(canvas, path => path.AddCircle(0, 0, Bore), bright, dark, 46, 4);
        foreach (SKPoint hole in Holes)
            Recess(canvas, path => path.AddCircle(hole.X, hole.Y, Hole), bright, dark, 30, 3);
        Recess(canvas, path => path.AddRoundRect(new SKRoundRect(Slot, 11)), bright, dark, (int)(look.PlateTone * 0.55), 2.5f);
        DotCode(canvas, look, number);
    }

    internal static SKColor Tone(double value, byte alpha = 255)
    {
        byte tone = (byte)Math.Clamp(value, 0, 255);
        return new SKColor(tone, tone, tone, alpha);
    }

    private static void Brushed(SKCanvas canvas, SKRoundRect body, LineLook look, Random random)
    {
        canvas.Save();
        canvas.ClipRoundRect(body, SKClipOperation.Intersect, true);
        using SKPaint line = new() { IsAntialias = true, StrokeWidth = 1, Style = SKPaintStyle.Stroke };
        int lines = (int)(700 * look.Brush);
        for (int i = 0; i < lines; i++)
        {
            float y = (float)PartPainter.Spread(random, HalfHeight), x = (float)PartPainter.Spread(random, HalfWidth), length = 30 + (random.NextSingle() * 190);
            line.Color = Tone(random.Next(2) == 0 ? 255 : 20, (byte)(8 + random.Next(20)));
            canvas.DrawLine(x - length, y, x + length, y + (float)PartPainter.Spread(random, 0.6), line);
        }

        canvas.Restore();
    }

    private static void Recess(SKCanvas canvas, Action<SKPathBuilder> outline, SKPoint bright, SKPoint dark, int depth, float rim)
    {
        using SKPathBuilder builder = new();
        outline(builder);
        using SKPath path = builder.Detach();
        using (SKPaint inside = new() { Color = Tone(depth), IsAntialias = true })
            canvas.DrawPath(path, inside);
        Rim(canvas, outline, bright, dark, rim, raised: false);
    }

    private static void Rim(SKCanvas canvas, Action<SKPathBuilder> outline, SKPoint bright, SKPoint dark, float width, bool raised)
    {
        using SKPathBuilder builder = new();
        outline(builder);
        using SKPath path = builder.Detach();
        SKColor[] tones = raised ? [Tone(250, 170), Tone(30, 150)] : [Tone(25, 170), Tone(245, 160)];
        using SKShader shader = SKShader.CreateLinearGradient(bright, dark, tones, SKShaderTileMode.Clamp);
        using SKPaint paint = new() { Shader = shader, Style = SKPaintStyle.Stroke, StrokeWidth = width, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    // As on real parts: every one carries its number, so that no two pictures are the same.
    private static void DotCode(SKCanvas canvas, LineLook look, int number)
    {
        using SKPaint dot = new() { Color = Tone(look.PlateTone * 0.4), IsAntialias = true };
        uint bits = unchecked((uint)number * 2_654_435_761u);
        for (int row = 0; row < 8; row++)
            for (int column = 0; column < 8; column++)
                if (row == 7 || column == 0 || ((bits >> (((row * 7) + column) % 32)) & 1) == 1)
                    canvas.DrawCircle(Code.Left + 3 + (column * 6), Code.Top + 3 + (row * 6), 2, dot);
    }
}
