using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Perenne.Vision.Geometry;

/// <summary>Collects alternating runs, joining neighbours of one colour, so that only the first run may be empty.</summary>
internal sealed class RunBuilder
{
    private readonly List<uint> runs = [];
    private uint pending;
    private bool foreground;
    private long total;

    /// <summary>Pixels added so far: the column-major position of the next one.</summary>
    public long Position => total;

    public void Add(bool isForeground, uint length)
    {
        if (length == 0)
            return;
        if (isForeground != foreground)
        {
            runs.Add(pending);
            pending = 0;
            foreground = isForeground;
        }
        pending += length;
        total += length;
    }

    /// <summary>Foreground from <paramref name="start"/> to <paramref name="end"/> (exclusive), background before it.</summary>
    public void AddForeground(long start, long end)
    {
        if (start > total)
            Add(false, (uint)(start - total));
        if (end > total)
            Add(true, (uint)(end - total));
    }

    public RunLengthMask ToMask(int width, int height)
    {
        long pixels = (long)width * height;
        if (pixels > total)
            Add(false, (uint)(pixels - total));
        if (pending > 0 || runs.Count == 0)
            runs.Add(pending);
        return new RunLengthMask(width, height, ImmutableCollectionsMarshal.AsImmutableArray(runs.ToArray()));
    }
}
