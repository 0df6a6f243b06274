using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Perenne.Cli.Hub;
using Perenne.Contracts.Collect;
using Perenne.Formats;

namespace Perenne.Cli.Collect;

/// <summary>Where an import goes and what is said of every file.</summary>
internal sealed record ImportTarget(string Organization, string Project, IReadOnlyDictionary<string, string> Facts)
{
    public string Address => $"api/v1/organizations/{Uri.EscapeDataString(Organization)}/projects/{Uri.EscapeDataString(Project)}";
}

/// <summary>
/// Sends the images that the hub does not have, several at once. Nothing is remembered between runs: the hub is asked by hash, so a run that
/// was cut off is completed by the same command.
/// </summary>
internal sealed class ImportRun(HubClient hub, ImportTarget target, int parallel)
{
    private const int AskAtOnce = 500, Attempts = 4;

    /// <summary>Larger files go in pieces: a broken connection costs one piece.</summary>
    public long LargeFrom { get; init; } = 64 << 20;

    public ConcurrentBag<FileVerdict> Verdicts { get; } = [];

    /// <summary>Hash by file name, for those the hub has now.</summary>
    public ConcurrentDictionary<string, string> Stored { get; } = new();

    public async Task SendAsync(IReadOnlyList<AnnotatedImage> images, Action<int> progress, CancellationToken cancel)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancel };
        foreach (AnnotatedImage[] chunk in images.Chunk(AskAtOnce))
        {
            ConcurrentDictionary<string, string> hashes = new();
            await Parallel.ForEachAsync(chunk, options, async (image, stop) =>
            {
                if (image.ImagePath is { } path)
                    hashes[image.FileName] = await HashAsync(path, stop);
                else
                    Verdicts.Add(new(image.FileName, FileOutcome.Refused, Reason: "The image file was not found beside the data set."));
            });
            KnownContents known = await hub.PostAsync<KnownContents>($"{target.Address}/images/known", new KnownContentsRequest([.. hashes.Values.Distinct()]), cancel);
            await Parallel.ForEachAsync(chunk.Where(image => hashes.ContainsKey(image.FileName)), options, async (image, stop) =>
            {
                string hash = hashes[image.FileName];
                FileVerdict verdict = known.Images.TryGetValue(hash, out Guid id) ? new(image.FileName, FileOutcome.Duplicate, id, hash) : await SendAsync(image, hash, stop);
                Verdicts.Add(verdict with { Name = image.FileName });
                if (verdict.Outcome != FileOutcome.Refused)
                    Stored[image.FileName] = hash;
                progress(1);
            });
        }
    }

    private async Task<FileVerdict> SendAsync(AnnotatedImage image, string hash, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (new FileInfo(image.ImagePath!).Length > LargeFrom)
                    return (await LargeFile.SendAsync(hub, target.Address, image.ImagePath!, hash, Facts(image), cancel)).Files[0];
                await using FileStream file = File.OpenRead(image.ImagePath!);
                using HttpRequestMessage request = new(HttpMethod.Post, $"{target.Address}/images?{Query(image)}") { Content = new StreamContent(file) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                return (await hub.SendAsync<IntakeAnswer>(request, cancel)).Files[0];
            }
            catch (HubFailure failure) when (failure.IsPassing && failure.Status != 507 && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), TimeProvider.System, cancel);
            }
            catch (HubFailure failure) when (failure.Status is 400 or 413)
            {
                return new(image.FileName, FileOutcome.Refused, Reason: failure.Message);
            }
        }
    }

    private string Query(AnnotatedImage image) => string.Join('&', Facts(image).Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}"));

    private Dictionary<string, string> Facts(AnnotatedImage image)
    {
        Dictionary<string, string> facts = new(target.Facts) { ["fileName"] = Path.GetFileName(image.FileName) };
        Dictionary<string, string> metadata = facts.TryGetValue("metadata", out string? given) ? JsonSerializer.Deserialize<Dictionary<string, string>>(given)! : [];
        metadata["path"] = image.FileName;
        if (image.Split is { } split)
            metadata["split"] = split;
        if (!facts.ContainsKey("group") && image.Metadata.FirstOrDefault(m => m.Key == "group").Value is { } group)
            facts["group"] = group;
        facts["metadata"] = JsonSerializer.Serialize(metadata);
        return facts;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        await using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }
}
