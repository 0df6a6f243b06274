using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Perenne.Hub.Datasets;

/// <summary>Reads pages on another thread while those before are worked on: all processors instead of one, and a few pages in memory.</summary>
internal static class ReadAhead
{
    private const int Pages = 2;

    public static async IAsyncEnumerable<T> Of<T>(IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken cancel)
    {
        Channel<T> ready = Channel.CreateBounded<T>(Pages);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task reading = Task.Run(() => ReadAsync(pages, ready.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (T page in ready.Reader.ReadAllAsync(cancel))
                yield return page;
        }
        finally
        {
            // Whatever the reader uses is free again when this returns, also after an error in the middle.
            await stop.CancelAsync();
            await reading;
        }
    }

    // A failure travels through the channel and is thrown where the items are taken.
    private static async Task ReadAsync<T>(IAsyncEnumerable<T> pages, ChannelWriter<T> ready, CancellationToken stop)
    {
        try
        {
            await foreach (T page in pages.WithCancellation(stop))
                await ready.WriteAsync(page, stop);
            ready.Complete();
        }
        catch (Exception error)
        {
            ready.Complete(error);
        }
    }
}
