using SkiaSharp;

namespace Perenne.Cli.Demo.Parts;

/// <summary>Draws one defect in the plate's own coordinates and says where it lies in the picture.</summary>
internal static class DefectPainter
{
    private const float Margin = 3;

    /// <returns>Null when no free place was found.</returns>
    public static PlacedDefect? Paint(SKCanvas canvas, PartDefect kind, LineLook look, Random random, SKMatrix place, IReadOnlyList<PlacedDefect> others)
    {
        for (int attempt = 0; attempt < 40; attempt++)
        {
            SKPoint at = new((float)PartPainter.Spread(random, Plate.HalfWidth), (float)PartPainter.Spread(random, Plate.HalfHeight));
            float reach = kind switch { PartDefect.Dent => 10 + (random.NextSingle() * 9), PartDefect.Stain => 16 + (random.NextSingle() * 14), PartDefect.Burr => 9 + (random.NextSingle() * 6), _ => 22 + (random.NextSingle() * 26) };
            if (kind == PartDefect.Burr)
                at = OnRim(random);
            else if (!Plate.IsBare(at, kind is PartDefect.Scratch or PartDefect.Crack ? 6 : reach))
                continue;
            SKRect bounds = place.MapRect(SKRect.Inflate(new SKRect(at.X, at.Y, at.X, at.Y), reach + 8, reach + 8));
            if (others.Any(o => bounds.IntersectsWith(SKRect.Create((float)o.X, (float)o.Y, (float)o.Width, (float)o.Height))))
                continue;
            SKRect drawn = kind switch
            {
                PartDefect.Scratch => Scratch(canvas, at, reach, random),
                PartDefect.Dent => Dent(canvas, at, reach, look),
                PartDefect.Crack => Crack(canvas, at, reach, random),
                PartDefect.Stain => Stain(canvas, at, reach, random),
                _ => Burr(canvas, at, reach, random),
            };
            SKRect box = place.MapRect(SKRect.Inflate(drawn, Margin, Margin));
            box.Intersect(new SKRect(0, 0, PartPainter.Width, PartPainter.Height));
            return new(kind, Math.Round(box.Left, 1), Math.Round(box.Top, 1), Math.Round(box.Width, 1), Math.Round(box.Height, 1));
        }

        return null;
    }

    private static SKPoint OnRim(Random random)
    {
        double angle = random.NextDouble() * 2 * Math.PI;
        return new((float)Math.Cos(angle) * Plate.Bore, (float)Math.Sin(angle) * Plate.Bore);
    }

    private static SKRect Scratch(SKCanvas canvas, SKPoint at, float reach, Random random)
    {
        double angle = random.NextDouble() * Math.PI;
        SKPoint along = new((float)Math.Cos(angle) * reach, (float)Math.Sin(angle) * reach);
        SKPoint bend = new(at.X + (float)PartPainter.Spread(random, reach / 3), at.Y + (float)PartPainter.Spread(random, reach / 3));
        using SKPathBuilder builder = new();
        builder.MoveTo(at - along);
        builder.QuadTo(bend, at + along);
        using SKPath path = builder.Detach();
        float width = 1.1f + random.NextSingle();
        Stroke(canvas, path, Plate.Tone(25, 120), width + 1);
        Stroke(canvas, path, Plate.Tone(252, (byte)(140 + random.Next(80))), width);
        return path.TightBounds;
    }

    private static SKRect Crack(SKCanvas canvas, SKPoint at, float reach, Random random)
    {
        using SKPathBuilder builder = new();
        double angle = random.NextDouble() * 2 * Math.PI;
        SKPoint point = new(at.X - ((float)Math.Cos(angle) * reach * 0.7f), at.Y - ((float)Math.Sin(angle) * reach * 0.7f));
        builder.MoveTo(point);
        int steps = 7 + random.Next(5);
        for (int i = 0; i < steps; i++)
        {
            double turn = angle + PartPainter.Spread(random, 0.9);
            float step = reach * 1.5f / steps;
            SKPoint next = new(point.X + ((float)Math.Cos(turn) * step), point.Y + ((float)Math.Sin(turn) * step));
            builder.LineTo(next);
            if (i == steps / 2)
            {
                builder.LineTo(next.X + ((float)Math.Cos(turn + 1) * step * 1.6f), next.Y + ((float)Math.Sin(turn + 1) * step * 1.6f));
                builder.MoveTo(next);
            }

            point = next;
        }

        using SKPath path = builder.Detach();
        Stroke(canvas, path, Plate.Tone(18, (byte)(170 + random.Next(70))), 1 + (random.NextSingle() * 0.8f));
        return path.TightBounds;
    }

    private static SKRect Dent(SKCanvas canvas, SKPoint at, float reach, LineLook look)
    {
        double light = look.LightDegrees * Math.PI / 180;
        SKPoint shift = new((float)Math.Cos(light) * reach * 0.45f, (float)Math.Sin(light) * reach * 0.45f);
        Blob(canvas, at - shift, reach, Plate.Tone(20, 150));
        Blob(canvas, at + shift, reach * 0.9f, Plate.Tone(250, 120));
        return new(at.X - reach, at.Y - reach, at.X + reach, at.Y + reach);
    }

    private static SKRect Stain(SKCanvas canvas, SKPoint at, float reach, Random random)
    {
        SKRect bounds = new(at.X, at.Y, at.X, at.Y);
        bool dark = random.NextDouble() < 0.7;
        int blobs = 4 + random.Next(4);
        for (int i = 0; i < blobs; i++)
        {
            float radius = reach * (0.35f + (random.NextSingle() * 0.3f));
            SKPoint centre = new(at.X + (float)PartPainter.Spread(random, reach * 0.6), at.Y + (float)PartPainter.Spread(random, reach * 0.6));
            Blob(canvas, centre, radius, Plate.Tone(dark ? 35 : 240, (byte)(60 + random.Next(40))));
            bounds.Union(SKRect.Inflate(new SKRect(centre.X, centre.Y, centre.X, centre.Y), radius * 0.8f, radius * 0.8f));
        }

        return bounds;
    }

    // Metal that stands over the rim of the bore.
    private static SKRect Burr(SKCanvas canvas, SKPoint at, float reach, Random random)
    {
        using SKPathBuilder builder = new();
        for (int i = 0; i < 9; i++)
        {
            double angle = i * 2 * Math.PI / 9;
            float radius = reach * (0.55f + (random.NextSingle() * 0.45f));
            SKPoint point = new(at.X + ((float)Math.Cos(angle) * radius), at.Y + ((float)Math.Sin(angle) * radius));
            if (i == 0)
                builder.MoveTo(point);
            else
                builder.LineTo(point);
        }

        builder.Close();
        using SKPath path = builder.Detach();
        using (SKPaint fill = new() { Color = Plate.Tone(225), IsAntialias = true })
            canvas.DrawPath(path, fill);
        Stroke(canvas, path, Plate.Tone(60, 200), 1.2f);
        return path.TightBounds;
    }

    private static void Stroke(SKCanvas canvas, SKPath path, SKColor color, float width)
    {
        using SKPaint paint = new() { Color = color, Style = SKPaintStyle.Stroke, StrokeWidth = width, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    private static void Blob(SKCanvas canvas, SKPoint at, float radius, SKColor color)
    {
        using SKShader shader = SKShader.CreateRadialGradient(at, radius, [color, color.WithAlpha((byte)(color.Alpha * 0.7)), color.WithAlpha(0)], [0, 0.55f, 1], SKShaderTileMode.Clamp);
        using SKPaint paint = new() { Shader = shader, IsAntialias = true };
        canvas.DrawCircle(at, radius, paint);
    }
}
