using Perenne.Inference;

namespace Perenne.Serving;

/// <summary>
/// The models of one process: loaded at the first use, kept while used, the one unused longest freed when there are too many.
/// Two requests for the same model share one load.
/// </summary>
public sealed class ModelHost(SessionSettings session, ServerSettings server, int capacity = 4) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = [];
    private long clock;

    private sealed class Entry(Lazy<Task<ModelServer>> server)
    {
        public Lazy<Task<ModelServer>> Server { get; } = server;
        public int Users { get; set; }
        public long LastUse { get; set; }
    }

    /// <param name="key">Identity of content: the hash of the package, with what changes its answers (thresholds).</param>
    /// <param name="open">Loads the model with the settings of this host; asked once, whoever else waits for it.</param>
    /// <exception cref="ModelPackageException">The package cannot be used.</exception>
    public async Task<ModelLease> UseAsync(string key, ModelIdentity identity, Func<SessionSettings, Task<ModelSession>> open)
    {
        Entry entry = Enter(key, open);
        try
        {
            return new ModelLease(identity, await entry.Server.Value, () => Leave(entry));
        }
        catch
        {
            // A load that failed is tried again by the next request.
            lock (gate)
                if (entries.TryGetValue(key, out Entry? now) && now == entry)
                    entries.Remove(key);
            throw;
        }
    }

    public bool IsLoaded(string key)
    {
        lock (gate)
            return entries.TryGetValue(key, out Entry? entry) && entry.Server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true };
    }

    /// <summary>Frees a model; requests that use it finish first.</summary>
    public async Task UnloadAsync(string key)
    {
        Entry? entry;
        lock (gate)
        {
            if (!entries.Remove(key, out entry))
                return;
            if (entry.Users > 0)
            {
                // Leave() frees it, see there.
                entry.LastUse = -1;
                return;
            }
        }
        await FreeAsync(entry);
    }

    private Entry Enter(string key, Func<SessionSettings, Task<ModelSession>> open)
    {
        Entry? entry, surplus = null;
        lock (gate)
        {
            if (!entries.TryGetValue(key, out entry))
            {
                entry = new Entry(new Lazy<Task<ModelServer>>(() => Task.Run(async () => new ModelServer(await open(session), server))));
                entries[key] = entry;
                KeyValuePair<string, Entry> oldest = entries.Where(e => e.Value.Users == 0 && e.Value != entry).OrderBy(e => e.Value.LastUse).FirstOrDefault();
                if (entries.Count > capacity && oldest.Value is not null && entries.Remove(oldest.Key))
                    surplus = oldest.Value;
            }
            entry.Users++;
            entry.LastUse = ++clock;
        }
        if (surplus is not null)
            _ = FreeAsync(surplus);
        return entry;
    }

    private void Leave(Entry entry)
    {
        bool free;
        lock (gate)
            free = --entry.Users == 0 && entry.LastUse < 0;
        if (free)
            _ = FreeAsync(entry);
    }

    private static async Task FreeAsync(Entry entry)
    {
        if (!entry.Server.IsValueCreated)
            return;
        Task<ModelServer> load = entry.Server.Value;
        await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (load.IsCompletedSuccessfully)
            await (await load).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Entry[] all;
        lock (gate)
        {
            all = [.. entries.Values];
            entries.Clear();
        }
        foreach (Entry entry in all)
            await FreeAsync(entry);
    }
}
