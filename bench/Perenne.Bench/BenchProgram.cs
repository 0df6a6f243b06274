using System.Globalization;
using BenchmarkDotNet.Running;

namespace Perenne.Bench;

/// <summary>Each benchmark names its baseline; docs/benchmarks.md holds the tables and the command that reproduces each.</summary>
internal static class BenchProgram
{
    private const string Boards = "../shared/data/deeppcb";

    private static async Task Main(string[] args)
    {
        string Folder() => args.Length > 1 ? args[1] : Boards;
        switch (args.FirstOrDefault())
        {
            case "vision":
                await Vision.VisionSuite.RunAsync(Rounds(args, 3));
                break;
            case "coco-interleaved":
                Vision.MetricsInterleaved.Coco(Rounds(args, 5), categories: 80);
                break;
            case "masks-interleaved":
                Vision.MetricsInterleaved.Masks(rounds: 7);
                break;
            case "formats-peak":
                await Formats.PeakMemory.RunAsync(args.Length > 1 ? args[1] : "streamed");
                break;
            case "imaging":
                Imaging.IngestInterleaved.Run(Rounds(args, 9));
                break;
            case "ingest":
                await Collect.IngestStored.RunAsync(Rounds(args, 5));
                break;
            case "gallery":
                await Collect.GalleryAtSize.RunAsync(Rounds(args, 15), full: !args.Contains("quick"));
                break;
            case "dataset-version":
                await Datasets.DatasetAtSize.RunAsync(Rounds(args, 1_000_000));
                break;
            case "annotate-load":
                await Annotate.LoadRun.RunAsync(seconds: Rounds(args, 60), args.Skip(2).ToHashSet());
                break;
            case "export":
                await Share.ExportAtSize.RunAsync(Rounds(args, 100_000), args.Length > 2 ? args[2] : "coco");
                break;
            case "export-once":
                await Share.ExportAtSize.OnceAsync(args[1], Guid.Parse(args[2]), Guid.Parse(args[3]), args[4]);
                break;
            case "serve":
                await Serve.ServeSpeed.RunAsync(Rounds(args, 7), args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 200);
                break;
            case "serve-memory":
                await Serve.ServeMemory.RunAsync(Rounds(args, 200), args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000);
                break;
            case "station-faults":
                await Station.StationFaults.RunAsync(Rounds(args, 300), args.Length > 2 ? args[2] : null, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : null);
                break;
            case "drift-false-alarms":
                Drift.DriftReplay.FalseAlarms(Folder());
                break;
            case "drift-detection":
                Drift.DriftReplay.Detection(Folder(), args.Length > 2 ? args[2] : null);
                break;
            default:
                BenchmarkSwitcher.FromAssembly(typeof(BenchProgram).Assembly).Run(args);
                break;
        }
    }

    private static int Rounds(string[] args, int otherwise) => args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : otherwise;
}
