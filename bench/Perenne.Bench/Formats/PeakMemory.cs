using System.Diagnostics;
using System.Globalization;

namespace Perenne.Bench.Formats;

/// <summary>
/// <c>formats-peak streamed|whole-document</c>: one conversion in a process of its own, then its time, throughput and the highest
/// resident memory the kernel saw (VmHWM), so that native buffers and the runtime itself count.
/// </summary>
internal static class PeakMemory
{
    public static async Task RunAsync(string which)
    {
        string folder = Path.Combine(Path.GetTempPath(), "perenne-bench-formats"), target = Path.Combine(folder, "out");
        string coco = CocoFixture.Write(folder);
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        if (which == "streamed")
            await Conversions.StreamedAsync(coco, target);
        else
            Conversions.WholeDocument(coco, target);
        double seconds = watch.Elapsed.TotalSeconds, megabytes = new FileInfo(coco).Length / 1e6;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        string? peak = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM", StringComparison.Ordinal)) : null;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{which}: {megabytes:0} MB in {seconds:0.00} s wall, {cpu.TotalSeconds:0.00} s CPU, {megabytes / seconds:0} MB/s, {peak}"));
    }
}
