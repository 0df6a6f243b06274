using Perenne.Imaging;
using Perenne.Vision.Drift;
using SkiaSharp;

namespace Perenne.Bench.Drift;

/// <summary>
/// Real pictures (DeepPCB) as the signals a station logs. Clean and changed pictures take the same way: decoded, changed in grey, stored without loss, inspected
/// as the product inspects. Findings are the annotated defects, with scores by seed: no model is run, so a change must be seen on the picture itself.
/// </summary>
internal sealed class BoardPictures(string folder)
{
    public const int Side = 640, Grid = 8, Bins = 18;

    public IReadOnlyList<string> Names { get; } = [.. new[] { "train.txt", "test.txt" }.SelectMany(l => File.ReadLines(Path.Combine(folder, l))).Select(l => l.Trim()).Where(l => l.Length > 0).Order(StringComparer.Ordinal)];

    public ObservedSignals Observe(int picture, Func<byte[], Random, byte[]>? change = null)
    {
        Random random = new(picture);
        byte[] grey = Grey(Path.Combine(folder, Names[picture] + ".jpg"));
        if (change is not null)
            grey = change(grey, random);
        return Signals(picture, grey, Inspect(grey), null);
    }

    /// <summary>A camera with a fixed view: frames of one board, which lies within some pixels of its place (σ 1.5), through a sensor with noise (σ 2). The view is learnt from the first 24, as a station does.</summary>
    public ObservedSignals[] Held(int board, int frames, Func<byte[], Random, byte[]>? change)
    {
        byte[] still = Grey(Path.Combine(folder, Names[board] + ".jpg"));
        (ViewReference? reference, ViewProfile profile) = ViewProfile.Choose([.. Enumerable.Range(0, ViewProfile.Samples).Select(i => ViewReference.Of(Inspect(Frame(still, new Random(i))).Reduced))]);
        if (reference is null || !profile.IsFixed)
            throw new InvalidOperationException("The board has too few corners for a view of its own.");
        ObservedSignals[] observed = new ObservedSignals[frames];
        Parallel.For(0, frames, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            Random random = new(1000 + i + (change is null ? 0 : frames));
            byte[] grey = Frame(still, random);
            if (change is not null)
                grey = change(grey, random);
            Inspection seen = Inspect(grey);
            // Defects come and go: of another board each time, as the parts do.
            observed[i] = Signals(i % Names.Count, grey, seen, ViewMatcher.Compare(reference, ViewReference.Of(seen.Reduced)));
        });
        return observed;
    }

    private static byte[] Frame(byte[] still, Random random)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        (int dx, int dy) = ((int)Math.Round(1.5 * Normal()), (int)Math.Round(1.5 * Normal()));
        byte[] frame = new byte[still.Length];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
                frame[(y * Side) + x] = (byte)Math.Clamp(Math.Round(still[(Math.Clamp(y - dy, 0, Side - 1) * Side) + Math.Clamp(x - dx, 0, Side - 1)] + (2 * Normal())), 0, 255);
        return frame;
    }

    private static Inspection Inspect(byte[] grey) => ImageInspector.Inspect(ImageSource.FromBytes(Png(grey))).Inspection!;

    private ObservedSignals Signals(int picture, byte[] grey, Inspection seen, ViewComparison? view)
    {
        ImageMeasures m = seen.Measures;
        string[] classes = [.. File.ReadLines(Path.Combine(folder, Names[picture] + ".txt")).Select(l => l.Trim().Split(' ')).Where(w => w.Length == 5).Select(w => w[4])];
        Random scores = new(picture + 1_000_000);
        Dictionary<string, double> scalars = new()
        {
            ["brightness-p1"] = m.BrightnessP1, ["brightness-p50"] = m.BrightnessP50, ["brightness-p99"] = m.BrightnessP99, ["sharpness"] = m.Laplacian, ["noise"] = m.Noise, ["entropy"] = m.Entropy,
        };
        if (view is not null && double.IsFinite(view.CornerShift))
            (scalars["view-shift"], scalars["view-visible"]) = (view.CornerShift, view.Visible);
        return new ObservedSignals
        {
            Scalars = scalars,
            Features = Descriptor(grey), Classes = classes, Scores = [.. classes.Select(_ => 1 - 0.5 * scores.NextDouble() * scores.NextDouble())],
        };
    }

    private static byte[] Grey(string path)
    {
        using SKBitmap loaded = SKBitmap.Decode(path);
        using SKBitmap grey = new(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        using (SKCanvas canvas = new(grey))
            canvas.DrawBitmap(loaded, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest));
        return grey.GetPixelSpan().ToArray();
    }

    private static byte[] Png(byte[] grey)
    {
        using SKBitmap bitmap = new(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        grey.CopyTo(bitmap.GetPixelSpan());
        using SKPixmap pixels = bitmap.PeekPixels()!;
        using SKData data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 1))!;
        return data.ToArray();
    }

    /// <summary>Mean grey of an 8 × 8 grid, and edges by direction (18 bins of 10°, shared between neighbours) in a 2 × 2 grid: a fixed stand-in for a model's features.</summary>
    private static float[] Descriptor(byte[] grey)
    {
        float[] features = new float[Grid * Grid + 4 * Bins];
        const int cell = Side / Grid;
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
                features[y / cell * Grid + x / cell] += grey[y * Side + x] / (255f * cell * cell);
        for (int y = 1; y < Side - 1; y += 2)
            for (int x = 1; x < Side - 1; x += 2)
            {
                int at = y * Side + x, dx = grey[at + 1] - grey[at - 1], dy = grey[at + Side] - grey[at - Side];
                if (dx == 0 && dy == 0)
                    continue;
                double turn = (Math.Atan2(dy, dx) / Math.PI + 1) % 1 * Bins;
                int bin = (int)turn % Bins, first = Grid * Grid + (y / (Side / 2) * 2 + x / (Side / 2)) * Bins;
                float weight = MathF.Sqrt(dx * dx + dy * dy) / (255f * 800), next = (float)(turn - Math.Floor(turn));
                features[first + bin] += weight * (1 - next);
                features[first + (bin + 1) % Bins] += weight * next;
            }
        return features;
    }
}
