using System.Globalization;

namespace Perenne.Bench.Serve;

/// <summary>Resident memory of a server over many requests and model swaps. A leak of one session, request or queue entry per turn would show.</summary>
internal static class ServeMemory
{
    // Small pictures: the number of requests is what counts here, not their work.
    private const int Settle = 10, Side = 64;

    public static async Task RunAsync(int swaps, int requests)
    {
        string folder = Directory.CreateTempSubdirectory("perenne-serve-").FullName;
        try
        {
            string[] packages = [BenchNetwork.Write(Path.Combine(folder, "a"), 1, side: Side), BenchNetwork.Write(Path.Combine(folder, "b"), 2, side: Side)];
            byte[] picture = Imaging.Pictures.Jpeg(Side, Side, SkiaSharp.SKColorType.Gray8, seed: 3);
            await using ServedModel served = await ServedModel.StartAsync(packages[0], workers: Environment.ProcessorCount);
            int each = requests / swaps;
            // The first turns fill pools and make the runtime compile: growth is counted from there.
            double first = 0, middle = 0, most = 0;
            for (int swap = 0; swap < swaps + Settle; swap++)
            {
                if (swap == Settle)
                    Console.WriteLine($"after {Settle} swaps and {Settle * each} requests: {first = Resident():0.0} MB");
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync(served, picture, each / 4)));
                served.Server.Swap(ServedModel.Open(packages[swap % 2]));
                if (swap >= Settle && (swap - Settle + 1) % Math.Max(1, swaps / 10) == 0)
                {
                    most = Math.Max(most, Resident());
                    middle = swap - Settle + 1 <= swaps / 2 ? Resident() : middle;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{swap - Settle + 1,5} swaps, {(swap - Settle + 1) * each,7} requests: {Resident():0.0} MB"));
                }
            }
            double last = Resident();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"growth {100 * ((last / first) - 1):0.00} % (most {100 * ((most / first) - 1):0.00} %), in the second half {100 * ((last / middle) - 1):0.00} %, refused {served.Server.State.Refused}, failed {served.Server.State.Failed}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AskAsync(ServedModel served, byte[] picture, int requests)
    {
        for (int i = 0; i < requests; i++)
            await served.PredictAsync(picture);
    }

    /// <summary>Megabytes in memory after the garbage is gone.</summary>
    private static double Resident()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet / 1048576.0;
    }
}
