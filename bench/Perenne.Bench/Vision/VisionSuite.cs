using System.Diagnostics;
using System.Globalization;
using Perenne.Vision.Metrics;

namespace Perenne.Bench.Vision;

/// <summary><c>vision [rounds]</c>: every figure of Perenne.Vision and Perenne.Formats that docs/benchmarks.md promises, each beside its baseline, in turn, in minutes.</summary>
internal static class VisionSuite
{
    public static async Task RunAsync(int rounds)
    {
        MetricsCocoData coco = MetricsCocoData.Create(80);
        Print("COCO, 5,000 images, 36,000 objects, 180,000 detections", "goal: under 1 s of wall time", rounds,
            () => CocoEvaluation.Evaluate(coco.Images, coco.Categories, coco.Truth, coco.Detections).Stats(), () => MetricsCocoTextbook.Evaluate(coco));
        MetricsMaskBenchmarks masks = new();
        masks.Setup();
        Print("IoU of 200 pairs of 640 × 480 masks, 100 times", "baseline: bitmaps, once × 100", rounds, () => Enumerable.Range(0, 100).Sum(_ => masks.Runs()), () => masks.Bitmaps(), 100);
        MmdBenchmarks mmd = new();
        Print("MMD² of 500 against 500 × 32, 999 permutations", "goal: under 150 ms of wall time", rounds, () => mmd.Perenne(), () => mmd.Straightforward());
        Console.WriteLine("COCO to YOLO, 1,000,000 boxes (goal: peak under 200 MB), each in a process of its own");
        foreach (string form in (string[])["streamed", "whole-document", "streamed"])
        {
            using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["formats-peak", form]))!;
            await child.WaitForExitAsync();
        }
    }

    private static void Print(string title, string goal, int rounds, Func<object> ours, Func<object> baseline, int baselineCounts = 1)
    {
        List<(double Wall, double Cpu)> mine = [], theirs = [];
        for (int round = 0; round <= rounds; round++)
        {
            (double, double) a = Measure(ours), b = Measure(baseline);
            if (round > 0)
                (mine, theirs) = ([.. mine, a], [.. theirs, (b.Item1 * baselineCounts, b.Item2 * baselineCounts)]);
        }
        Console.WriteLine($"{title} ({goal}), median of {rounds} rounds");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  Perenne {Median(mine, m => m.Wall):0} ms wall (best {mine.Min(m => m.Wall):0}), {Median(mine, m => m.Cpu):0} ms CPU; baseline {Median(theirs, m => m.Wall):0} ms wall, {Median(theirs, m => m.Cpu):0} ms CPU; CPU {Median(theirs, m => m.Cpu) / Median(mine, m => m.Cpu):0} × less"));
    }

    private static double Median(List<(double Wall, double Cpu)> runs, Func<(double Wall, double Cpu), double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private static (double Wall, double Cpu) Measure(Func<object> work)
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
