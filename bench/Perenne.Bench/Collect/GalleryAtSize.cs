using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Results;
using Perenne.TestSupport;

namespace Perenne.Bench.Collect;

/// <summary>The gallery's pages and counts over a thousand, a hundred thousand and a million image rows, each in a database of its own, in turn; the ratio is what counts.</summary>
internal static class GalleryAtSize
{
    private const int CallsARound = 20;

    private static readonly (string Name, Func<IServiceProvider, BenchHub, Task> Act)[] Reads =
    [
        ("first page, newest first", (services, hub) => PageAsync(services, hub, new())),
        ("first page, by time of capture", (services, hub) => PageAsync(services, hub, new(), ImageSort.Captured)),
        ("first page, worst quality first", (services, hub) => PageAsync(services, hub, new(), ImageSort.WorstQuality)),
        ("first page, flagged only", (services, hub) => PageAsync(services, hub, new() { Quality = ImageQuality.Flagged })),
        ("first page, one camera", (services, hub) => PageAsync(services, hub, new() { Camera = "top-3" })),
        ("first page, not annotated", (services, hub) => PageAsync(services, hub, new() { Annotated = false })),
        ("a page in the middle", MiddleAsync),
        ("count of all", (services, hub) => CountAsync(services, hub, new())),
        ("count of the flagged", (services, hub) => CountAsync(services, hub, new() { Quality = ImageQuality.Flagged })),
        ("count of one camera's, up to the cap", (services, hub) => CountAsync(services, hub, new() { Camera = "top-3" })),
    ];

    public static async Task RunAsync(int rounds, bool full)
    {
        int[] sizes = full ? [1_000, 100_000, 1_000_000] : [1_000, 10_000];
        await CompareAsync("SQLite", sizes, rounds, _ => BenchHub.OnSqliteAsync());
        (string? admin, string problem) = PostgresCluster.Start();
        if (admin is null)
            Console.WriteLine($"PostgreSQL was not measured: {problem}");
        else
            await CompareAsync("PostgreSQL", sizes, rounds, rows => BenchHub.OnPostgresAsync(admin, "gallery_" + rows));
    }

    private static async Task CompareAsync(string database, int[] sizes, int rounds, Func<int, Task<BenchHub>> start)
    {
        List<BenchHub> hubs = [];
        try
        {
            foreach (int rows in sizes)
            {
                BenchHub hub = await start(rows);
                hubs.Add(hub);
                Stopwatch clock = Stopwatch.StartNew();
                int written = await GalleryRows.FillAsync(hub, rows);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{database}: {written} rows in {clock.Elapsed.TotalSeconds:0} s"));
            }

            foreach ((string name, Func<IServiceProvider, BenchHub, Task> act) in Reads)
                Console.WriteLine($"{database}, {name}: {await LineAsync(hubs, sizes, rounds, act)}");
        }
        finally
        {
            foreach (BenchHub hub in hubs)
                await hub.DisposeAsync();
        }
    }

    private static async Task<string> LineAsync(List<BenchHub> hubs, int[] sizes, int rounds, Func<IServiceProvider, BenchHub, Task> act)
    {
        List<double>[] times = [.. hubs.Select(_ => new List<double>())];
        for (int round = -1; round < rounds; round++)
            for (int h = 0; h < hubs.Count; h++)
                for (int call = 0; call < CallsARound; call++)
                {
                    long start = Stopwatch.GetTimestamp();
                    await hubs[h].InsideAsync(async services =>
                    {
                        await act(services, hubs[h]);
                        return 0;
                    });
                    if (round >= 0)
                        times[h].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

        double[] medians = [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
        string figures = string.Join(", ", sizes.Select((rows, h) => string.Create(CultureInfo.InvariantCulture, $"{rows} rows {medians[h]:0.00} ms")));
        return string.Create(CultureInfo.InvariantCulture, $"{figures}; ratio {medians[^1] / medians[0]:0.00} (of the quickest: {times[^1].Min() / times[0].Min():0.00})");
    }

    private static async Task PageAsync(IServiceProvider services, BenchHub hub, ImageFilter filter, ImageSort sort = ImageSort.Newest, string? cursor = null)
    {
        Result<ImagePage> page = await services.GetRequiredService<ListImages.Handler>().HandleAsync(new(hub.Project, hub.Organization, filter, sort, cursor), CancellationToken.None);
        if (page.Value.Images.Count != 60)
            throw new InvalidOperationException($"The page has {page.Value.Images.Count} images.");
    }

    private static Task MiddleAsync(IServiceProvider services, BenchHub hub)
    {
        long rows = Middles.TryGetValue(hub, out long known) ? known : Middles[hub] = CountAsync(services, hub, new()).GetAwaiter().GetResult();
        return PageAsync(services, hub, new(), cursor: new ImageCursor(Guid.ParseExact((rows / 2).ToString("x12", CultureInfo.InvariantCulture) + "70008000000000000000", "N"), null, 0, false).ToString());
    }

    private static readonly Dictionary<BenchHub, long> Middles = [];

    private static async Task<long> CountAsync(IServiceProvider services, BenchHub hub, ImageFilter filter) =>
        (await services.GetRequiredService<CountImages.Handler>().HandleAsync(new(hub.Project, hub.Organization, filter), CancellationToken.None)).Value.Count;
}
