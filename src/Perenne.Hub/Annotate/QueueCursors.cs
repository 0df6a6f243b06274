using Microsoft.Extensions.Caching.Memory;

namespace Perenne.Hub.Annotate;

/// <summary>
/// Where a person's search in a queue may start: everything before was not for them in this epoch of the campaign. Only a short cut
/// (somebody who did the first slot of 20,000 overlapped images would pass over 20,000 second slots); losing it costs time, never a task.
/// </summary>
internal sealed class QueueCursors : IDisposable
{
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    public long StartOf(Guid campaign, Guid person, int epoch) => cache.TryGetValue((campaign, person, epoch), out long key) ? key : 0;

    public void NothingBefore(Guid campaign, Guid person, int epoch, long key) =>
        cache.Set((campaign, person, epoch), key, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromHours(1) });

    public void Dispose() => cache.Dispose();
}
