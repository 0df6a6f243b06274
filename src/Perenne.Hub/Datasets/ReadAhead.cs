using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Perenne.Hub.Datasets;

/// <summary>Reads pages on another thread while their items are worked on: two processors instead of one, and a few pages in memory.</summary>
internal static class ReadAhead
{
    private const int Pages = 3;

    public static async IAsyncEnumerable<T> Of<T>(IAsyncEnumerable<IReadOnlyList<T>> pages, [EnumeratorCancellation] CancellationToken cancel)
    {
        Channel<IReadOnlyList<T>> ready = Channel.CreateBounded<IReadOnlyList<T>>(Pages);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task reading = Task.Run(() => ReadAsync(pages, ready.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (IReadOnlyList<T> page in ready.Reader.ReadAllAsync(cancel))
                foreach (T item in page)
                    yield return item;
        }
        finally
        {
            // Whatever the reader uses is free again when this returns, also after an error in the middle.
            await stop.CancelAsync();
            await reading;
        }
    }

    // A failure travels through the channel and is thrown where the items are taken.
    private static async Task ReadAsync<T>(IAsyncEnumerable<IReadOnlyList<T>> pages, ChannelWriter<IReadOnlyList<T>> ready, CancellationToken stop)
    {
        try
        {
            await foreach (IReadOnlyList<T> page in pages.WithCancellation(stop))
                await ready.WriteAsync(page, stop);
            ready.Complete();
        }
        catch (Exception error)
        {
            ready.Complete(error);
        }
    }
}
