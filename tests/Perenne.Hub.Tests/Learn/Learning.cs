using Perenne.Hub.Datasets;

namespace Perenne.Hub.Tests.Learn;

/// <summary>Asks for long work by the API and waits until it is over.</summary>
internal static class Learning
{
    public static async Task<DatasetDetail> MadeAsync(Pool pool, DatasetDraft draft)
    {
        DatasetCreated made = await pool.Client.Post($"{pool.Address}/datasets", draft).Read<DatasetCreated>();
        return await ReadyAsync(pool.Client, pool.Address, made.Number);
    }

    public static Task<DatasetDetail> ReadyAsync(HttpClient client, string address, int number) =>
        UntilAsync(() => client.Get<DatasetDetail>($"{address}/datasets/{number}"), d => d.Version.State is not (DatasetState.Queued or DatasetState.Building));

    public static async Task<List<ManifestImage>> ManifestAsync(Pool pool, int number)
    {
        using MemoryStream file = new(await pool.Client.GetByteArrayAsync($"{pool.Address}/datasets/{number}/manifest.parquet"));
        List<ManifestImage> images = [];
        await foreach (ManifestImage image in ManifestReader.ReadAsync(file, withShapes: true, TestContext.Current.CancellationToken))
            images.Add(image);
        return images;
    }

    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isThere)
    {
        // Some 5,000 looks: what never comes is a failure with its last state, not a suite that never ends.
        for (int i = 0; ; i++)
        {
            T now = await look();
            if (isThere(now))
                return now;
            Assert.True(i < 5_000, $"It never came; the last state was {now}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
