using System.Diagnostics;
using System.Globalization;
using Perenne.Imaging;
using SkiaSharp;

namespace Perenne.Bench.Imaging;

/// <summary>What ingest does with a picture beside decoding it alone with the same library, in turn; processor time of this process, because the machine may be shared.</summary>
internal static class IngestInterleaved
{
    public static void Run(int rounds)
    {
        Compare("640 × 640 grey", Pictures.Jpeg(640, 640, SKColorType.Gray8, seed: 7), calls: 60, rounds);
        Compare("4096 × 3000 colour", Pictures.Jpeg(4096, 3000, SKColorType.Rgba8888, seed: 7), calls: 3, rounds);
    }

    private static void Compare(string name, byte[] file, int calls, int rounds)
    {
        using ImageSource source = ImageSource.FromBytes(file);
        ImageFacts facts = ImageProbe.Probe(source).Facts!;
        Inspection seen = ImageInspector.Inspect(source).Inspection!;
        ViewReference reference = ViewReference.Of(seen.Reduced);
        (string Name, Action Act)[] forms =
        [
            ("decode", () => ImageDecoder.Decode(source, facts).Pixels!.Dispose()),
            ("ingest", () => { ContentHash.Of(file); ImageInspector.Inspect(source); }),
            ("sha-256 and probe", () => { ContentHash.Of(file); ImageProbe.Probe(source); }),
            ("check of the data", () => JpegDataCheck.Run(source)),
            ("perceptual hash", () => PerceptualHash.Of(seen.Reduced)),
            ("view", () => ViewMatcher.Compare(reference, ViewReference.Of(seen.Reduced))),
        ];
        List<double>[] times = [.. forms.Select(_ => new List<double>())];
        for (int round = -1; round < rounds; round++)
            for (int f = 0; f < forms.Length; f++)
            {
                double time = ProcessorMilliseconds(forms[f].Act, calls);
                if (round >= 0)
                    times[f].Add(time);
            }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, {file.Length / 1024} kB, {reference.Corners} corners, {rounds} rounds of {calls} calls"));
        for (int f = 0; f < forms.Length; f++)
        {
            double[] ratios = [.. times[f].Zip(times[0], (a, b) => a / b).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {forms[f].Name,-18} {times[f].Order().ElementAt(rounds / 2),8:0.00} ms ({times[f].Min():0.00} – {times[f].Max():0.00})   {ratios[rounds / 2]:0.00} × decode ({ratios[0]:0.00} – {ratios[^1]:0.00})"));
        }
    }

    private static double ProcessorMilliseconds(Action act, int calls)
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        for (int i = 0; i < calls; i++)
            act();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / calls;
    }
}
