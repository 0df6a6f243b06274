using System.Diagnostics;
using Perenne.Vision.Metrics;

namespace Perenne.Bench.Vision;

/// <summary>Each form and its baseline in turn, for machines that others use too: wall time and the processor time of this process, per form and round. The ratio is what holds.</summary>
internal static class MetricsInterleaved
{
    public static void Masks(int rounds)
    {
        var masks = new MetricsMaskBenchmarks();
        masks.Setup();
        // 200 times for runs, so that one measurement is well above the clock's grain.
        Compare(rounds, "200 × runs", () => Enumerable.Range(0, 200).Sum(_ => masks.Runs()), "bitmaps", () => masks.Bitmaps());
    }

    public static void Coco(int rounds, int categories)
    {
        MetricsCocoData data = MetricsCocoData.Create(categories);
        Compare(rounds, "library", () => CocoEvaluation.Evaluate(data.Images, data.Categories, data.Truth, data.Detections).Stats(),
            "textbook", () => MetricsCocoTextbook.Evaluate(data));
    }

    private static void Compare(int rounds, string name, Func<object> work, string baselineName, Func<object> baseline)
    {
        for (int round = 0; round <= rounds; round++)
        {
            (double wall, double processor) ours = Measure(work), theirs = Measure(baseline);
            Console.WriteLine(FormattableString.Invariant(
                $"{(round == 0 ? "warm-up" : $"round {round}"),8}: {name} {ours.wall,8:F0} ms wall {ours.processor,8:F0} ms processor; {baselineName} {theirs.wall,8:F0} ms wall {theirs.processor,8:F0} ms processor"));
        }
    }

    private static (double Wall, double Processor) Measure(Func<object> work)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        GC.KeepAlive(work());
        double wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - before).TotalMilliseconds);
    }
}
