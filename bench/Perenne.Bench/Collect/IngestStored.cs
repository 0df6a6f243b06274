using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Bench.Imaging;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Rights;
using Perenne.Imaging;
using SkiaSharp;

namespace Perenne.Bench.Collect;

/// <summary>
/// What the hub does with a file that arrives (staging with SHA-256, probe, decode, measures, perceptual hash, near duplicates, blob on disk,
/// database row) beside decoding the same file alone with the same library, in turn; every picture is another one.
/// </summary>
internal static class IngestStored
{
    public static async Task RunAsync(int rounds)
    {
        await CompareAsync("640 × 640 grey", 640, 640, SKColorType.Gray8, calls: 40, rounds);
        await CompareAsync("4096 × 3000 colour", 4096, 3000, SKColorType.Rgba8888, calls: 3, rounds);
    }

    private static async Task CompareAsync(string name, int width, int height, SKColorType type, int calls, int rounds)
    {
        await using BenchHub hub = await BenchHub.OnSqliteAsync();
        byte[][] files = [.. Enumerable.Range(0, calls * (rounds + 1)).Select(seed => Pictures.Jpeg(width, height, type, seed))];
        List<(double Cpu, double Wall)> decode = [], ingest = [];
        for (int round = 0; round <= rounds; round++)
        {
            byte[][] these = files[(round * calls)..((round + 1) * calls)];
            (double, double) alone = await MeasureAsync(these, Decode), whole = await MeasureAsync(these, file => TakeAsync(hub, file));
            if (round == 0)
                continue; // Warm-up.
            decode.Add(alone);
            ingest.Add(whole);
        }

        double[] ratios = [.. ingest.Zip(decode, (i, d) => i.Cpu / d.Cpu).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {files.Average(f => f.Length) / 1024:0} kB, {rounds} rounds of {calls} files"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  decode alone   {Text(decode)}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ingest         {Text(ingest)}   {ratios[rounds / 2]:0.00} × decode ({ratios[0]:0.00} – {ratios[^1]:0.00}) in processor time"));
    }

    private static string Text(List<(double Cpu, double Wall)> times)
    {
        double cpu = times.Select(t => t.Cpu).Order().ElementAt(times.Count / 2), wall = times.Select(t => t.Wall).Order().ElementAt(times.Count / 2);
        return string.Create(CultureInfo.InvariantCulture, $"{cpu,8:0.00} ms of processor time ({times.Min(t => t.Cpu):0.00} – {times.Max(t => t.Cpu):0.00}): {1000 / cpu:0.0} images/s a core; {wall:0.00} ms by the clock");
    }

    private static async Task<(double Cpu, double Wall)> MeasureAsync(byte[][] files, Func<byte[], Task> act)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        Stopwatch clock = Stopwatch.StartNew();
        foreach (byte[] file in files)
            await act(file);
        TimeSpan wall = clock.Elapsed;
        process.Refresh();
        return ((process.TotalProcessorTime - before).TotalMilliseconds / files.Length, wall.TotalMilliseconds / files.Length);
    }

    private static Task Decode(byte[] file)
    {
        using ImageSource source = ImageSource.FromBytes(file);
        ImageDecoder.Decode(source, ImageProbe.Probe(source).Facts!).Pixels!.Dispose();
        return Task.CompletedTask;
    }

    private static async Task TakeAsync(BenchHub hub, byte[] file)
    {
        using MemoryStream content = new(file);
        using StagedFile staged = await hub.Services.GetRequiredService<Staging>().WriteAsync(content, CancellationToken.None);
        IntakeTarget target = new(hub.Organization, hub.Project, Actor.System, AccessScope.Of(hub.Organization));
        FileVerdict verdict = await hub.Services.GetRequiredService<Intake>().TakeAsync(staged, target, new ArrivalFacts("part.jpg", "api") { Camera = "top" }, CancellationToken.None);
        if (verdict.Outcome != FileOutcome.Stored)
            throw new InvalidOperationException($"Not stored: {verdict}");
    }
}
