using System.Globalization;
using BenchmarkDotNet.Running;

namespace Perenne.Bench;

/// <summary>Each benchmark names its baseline; docs/benchmarks.md holds the tables and the command that reproduces each.</summary>
internal static class BenchProgram
{
    private static void Main(string[] args)
    {
        if (args is ["coco-interleaved", ..])
            Vision.MetricsInterleaved.Coco(Rounds(args, 5), categories: 80);
        else if (args is ["masks-interleaved"])
            Vision.MetricsInterleaved.Masks(rounds: 7);
        else if (args is ["imaging", ..])
            Imaging.IngestInterleaved.Run(Rounds(args, 9));
        else if (args is ["ingest", ..])
            Collect.IngestStored.RunAsync(Rounds(args, 5)).GetAwaiter().GetResult();
        else if (args is ["gallery", ..])
            Collect.GalleryAtSize.RunAsync(Rounds(args, 15), full: !args.Contains("quick")).GetAwaiter().GetResult();
        else
            BenchmarkSwitcher.FromAssembly(typeof(BenchProgram).Assembly).Run(args);
    }

    private static int Rounds(string[] args, int otherwise) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : otherwise;
}
