using BenchmarkDotNet.Attributes;
using Perenne.Vision.Geometry;
using Perenne.Vision.Statistics;

namespace Perenne.Bench.Vision;

/// <summary>IoU of 200 pairs of 640 × 480 masks: on run lengths, and on bitmaps decoded for it (the baseline).</summary>
[ShortRunJob]
public class MetricsMaskBenchmarks
{
    private (RunLengthMask A, RunLengthMask B)[] pairs = [];

    [GlobalSetup]
    public void Setup()
    {
        var random = new SeededRandom(5);
        pairs = [.. Enumerable.Range(0, 200).Select(_ => (Blob(random), Blob(random)))];
        if (Math.Abs(Bitmaps() - Runs()) > 1e-9)
            throw new InvalidOperationException("The IoUs differ.");
    }

    [Benchmark(Baseline = true)]
    public double Bitmaps()
    {
        double sum = 0;
        foreach ((RunLengthMask a, RunLengthMask b) in pairs)
        {
            byte[] x = MaskBitmap.Decode(a), y = MaskBitmap.Decode(b);
            int both = 0, either = 0;
            for (int i = 0; i < x.Length; i++)
                (both, either) = (both + (x[i] & y[i]), either + (x[i] | y[i]));
            sum += either == 0 ? 0 : (double)both / either;
        }
        return sum;
    }

    [Benchmark]
    public double Runs()
    {
        double sum = 0;
        foreach ((RunLengthMask a, RunLengthMask b) in pairs)
            sum += MaskOperations.Iou(a, b);
        return sum;
    }

    private static RunLengthMask Blob(SeededRandom random)
    {
        double x = 200 + 240 * random.NextDouble(), y = 150 + 180 * random.NextDouble();
        ImagePoint[] ring = [.. Enumerable.Range(0, 24).Select(i =>
        {
            double radius = 60 + 60 * random.NextDouble(), angle = i * Math.PI / 12;
            return new ImagePoint(x + radius * Math.Cos(angle), y + radius * Math.Sin(angle));
        })];
        return ScanlineRasterizer.Rasterize(PolygonShape.FromRing(ring), new ImageSize(640, 480));
    }
}
