using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Perenne.Bench.Serve;

/// <summary>
/// POST /predict against ONNX Runtime and a decoder in one process, and the inference protocol against ONNX Runtime alone: the same network, one thread
/// each run, the same number of callers, in turns. The caller's side of HTTP runs on the same processors and is counted against the server. Processor
/// time is given too: a shared machine lengthens waiting, not work.
/// </summary>
internal static class ServeSpeed
{
    public static async Task RunAsync(int rounds, int calls = 200)
    {
        int callers = Environment.ProcessorCount;
        string folder = Directory.CreateTempSubdirectory("perenne-serve-").FullName;
        try
        {
            BenchNetwork.Write(folder, seed: 11);
            byte[] jpeg = Imaging.Pictures.Jpeg(BenchNetwork.Side, BenchNetwork.Side, SKColorType.Gray8, seed: 7);
            float[] tensor = [.. Enumerable.Range(0, BenchNetwork.Side * BenchNetwork.Side).Select(i => i % 251 / 255f)];
            (byte[] body, int header) = ServedModel.Request(tensor, BenchNetwork.Side);
            using InferenceSession session = BareRun.Load(folder);
            BareRun[] bare = [.. Enumerable.Range(0, callers).Select(_ => new BareRun(session))];
            await using ServedModel served = await ServedModel.StartAsync(folder, workers: callers);
            (string Name, Func<int, Task> Call)[] forms =
            [
                ("decode + ONNX Runtime", i => Task.FromResult(bare[i].Picture(jpeg))), ("POST /predict", _ => served.PredictAsync(jpeg)),
                ("ONNX Runtime", i => Task.FromResult(bare[i].Tensor(tensor))), ("inference protocol, binary", _ => served.InferAsync(body, header)),
            ];
            List<Figures>[] seen = [.. forms.Select(_ => new List<Figures>())];
            for (int round = -1; round < rounds; round++)
                for (int f = 0; f < forms.Length; f++)
                {
                    Figures figures = await MeasureAsync(forms[f].Call, callers, round < 0 ? 30 : calls);
                    if (round >= 0)
                        seen[f].Add(figures);
                }
            Print(callers, calls, forms, seen);
            Array.ForEach(bare, b => b.Dispose());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Figures(double PerSecond, double Median, double P99, double Work);

    private static async Task<Figures> MeasureAsync(Func<int, Task> call, int callers, int calls)
    {
        double[] milliseconds = new double[calls];
        int next = -1;
        TimeSpan worked = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < calls; i = Interlocked.Increment(ref next))
            {
                long began = Stopwatch.GetTimestamp();
                await call(caller);
                milliseconds[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        })));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Array.Sort(milliseconds);
        return new(calls / seconds, milliseconds[calls / 2], milliseconds[(int)Math.Ceiling(0.99 * calls) - 1], (Environment.CpuUsage.TotalTime - worked).TotalMilliseconds / calls);
    }

    private static void Print(int callers, int calls, (string Name, Func<int, Task> Call)[] forms, List<Figures>[] seen)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen[0].Count} rounds in turns, {calls} calls each, {callers} callers, {Environment.ProcessorCount} processors; medians of the rounds"));
        for (int f = 0; f < forms.Length; f++)
        {
            string ratios = "";
            if (f % 2 == 1)
            {
                double throughput = Median(seen[f].Zip(seen[f - 1], (served, bare) => served.PerSecond / bare.PerSecond)), p99 = Median(seen[f].Zip(seen[f - 1], (served, bare) => served.P99 / bare.P99)), work = Median(seen[f].Zip(seen[f - 1], (served, bare) => served.Work / bare.Work));
                ratios = string.Create(CultureInfo.InvariantCulture, $"   throughput × {throughput:0.000}, p99 × {p99:0.000}, processor time × {work:0.000} of the line above");
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{forms[f].Name,-28} {Median(seen[f].Select(s => s.PerSecond)),7:0.0}/s  median {Median(seen[f].Select(s => s.Median)),6:0.0} ms  p99 {Median(seen[f].Select(s => s.P99)),6:0.0} ms  work {Median(seen[f].Select(s => s.Work)),6:0.00} ms{ratios}"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
