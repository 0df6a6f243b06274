using Perenne.Imaging;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>How much decoding goes on at once: one picture per core, and no more decoded bytes together than a bound.</summary>
internal sealed class DecodeSlots : IDisposable
{
    private const int UnitPixels = 16 << 20;

    private static readonly int Units = Math.Max(8, Environment.ProcessorCount * 2);

    private readonly SemaphoreSlim cores = new(Environment.ProcessorCount, Environment.ProcessorCount);
    private readonly SemaphoreSlim memory = new(Units, Units);
    private readonly SemaphoreSlim large = new(1, 1);

    /// <summary>Waits for a core and for the memory of a picture of that many pixels.</summary>
    public async Task<T> RunAsync<T>(long pixels, Func<T> decode, CancellationToken cancel)
    {
        int units = (int)Math.Clamp(1 + (pixels / UnitPixels), 1, Units);
        if (units > 1)
            await large.WaitAsync(cancel); // Whoever needs several units takes them alone: two halves would wait for each other.
        int taken = 0;
        try
        {
            for (; taken < units; taken++)
                await memory.WaitAsync(cancel);
            await cores.WaitAsync(cancel);
            try
            {
                return await Task.Run(decode, cancel);
            }
            finally
            {
                cores.Release();
            }
        }
        finally
        {
            if (taken > 0)
                memory.Release(taken);
            if (units > 1)
                large.Release();
        }
    }

    public void Dispose()
    {
        cores.Dispose();
        memory.Dispose();
        large.Dispose();
    }
}
