using BenchmarkDotNet.Running;

namespace Perenne.Bench;

/// <summary>Each benchmark names its baseline; docs/benchmarks.md holds the tables and the command that reproduces each.</summary>
internal static class BenchProgram
{
    private static void Main(string[] args)
    {
        if (args is ["coco-interleaved", ..])
            Vision.MetricsInterleaved.Coco(rounds: args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 5, categories: 80);
        else if (args is ["masks-interleaved"])
            Vision.MetricsInterleaved.Masks(rounds: 7);
        else if (args is ["imaging", ..])
            Imaging.IngestInterleaved.Run(rounds: args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 9);
        else
            BenchmarkSwitcher.FromAssembly(typeof(BenchProgram).Assembly).Run(args);
    }
}
