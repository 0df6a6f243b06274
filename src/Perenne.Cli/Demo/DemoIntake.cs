using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;
using Perenne.Contracts.Collect;

namespace Perenne.Cli.Demo;

/// <summary>Sends production images of a plant to the hub and remembers the truth about each, by its id.</summary>
internal sealed class DemoIntake(DemoSource source)
{
    private const int Parallel = 2;

    private readonly ConcurrentDictionary<Guid, DemoImage> truths = new();
    private readonly ConcurrentDictionary<string, DemoImage> parts = new();

    public DemoImage? TruthOf(Guid image) => truths.GetValueOrDefault(image);

    /// <summary>Remembers a part that goes through a station; its image reaches the hub only when it is sampled.</summary>
    public void Remember(DemoImage image) => parts[image.PartId] = image;

    /// <summary>Finds the truth about images that stations have sent, by their part ids.</summary>
    public async Task RecogniseAsync(HubClient hub, string project, CancellationToken cancel)
    {
        for (string? cursor = null; ;)
        {
            JsonObject page = await hub.GetAsync<JsonObject>($"api/v1/projects/{project}/images?size=200{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", cancel);
            foreach (JsonNode? image in page["images"]!.AsArray())
                if (image!["partId"]?.GetValue<string>() is { } part && parts.TryGetValue(part, out DemoImage? known))
                    truths.TryAdd(image["id"]!.GetValue<Guid>(), known);
            cursor = page["next"]?.GetValue<string>();
            if (cursor is null)
                return;
        }
    }

    /// <param name="from">First part number.</param>
    /// <returns>Images stored.</returns>
    public async Task<int> SendAsync(HubClient hub, string project, DemoPlant plant, int from, int count, DemoTrouble trouble, Action<int> progress, CancellationToken cancel)
    {
        int stored = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(from, count), new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancel }, async (number, stop) =>
        {
            DemoImage image = source.Take(plant.Number, number, trouble);
            // A line takes a part every few minutes; the newest is from just now.
            DateTimeOffset taken = TimeProvider.System.GetUtcNow().AddMinutes(-4 * (from + count - number));
            string query = $"fileName={Uri.EscapeDataString(image.Name)}&camera=top&station={plant.Slug}-1&partId={Uri.EscapeDataString(image.PartId)}&capturedAt={Uri.EscapeDataString(taken.ToString("O", CultureInfo.InvariantCulture))}";
            using HttpRequestMessage request = new(HttpMethod.Post, $"api/v1/organizations/{plant.Slug}/projects/{project}/images?{query}") { Content = new ByteArrayContent(image.File) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            FileVerdict verdict = (await hub.SendAsync<IntakeAnswer>(request, stop)).Files[0];
            if (verdict.ImageId is { } id)
                truths[id] = image;
            if (verdict.Outcome == FileOutcome.Stored)
                Interlocked.Increment(ref stored);
            progress(1);
        });
        return stored;
    }
}
