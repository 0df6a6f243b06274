using Microsoft.Win32.SafeHandles;

namespace Perenne.Imaging;

/// <summary>
/// The bytes of one picture: a local file or memory. A blob of another store is first copied to a temporary file
/// (<see cref="ContentHash.CopyAsync"/> does that and hashes in the same pass). Not thread-safe.
/// </summary>
public sealed class ImageSource : IDisposable
{
    private readonly ReadOnlyMemory<byte> memory;
    private readonly SafeFileHandle? handle;
    private readonly byte[] window = [];
    private long windowStart;
    private int windowLength;

    private ImageSource(string? path, SafeFileHandle? handle, ReadOnlyMemory<byte> memory)
    {
        Path = path;
        this.handle = handle;
        this.memory = memory;
        Length = handle is null ? memory.Length : RandomAccess.GetLength(handle);
        if (handle is not null)
            window = new byte[64 * 1024];
    }

    public static ImageSource FromFile(string path) => new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read), default);

    public static ImageSource FromBytes(ReadOnlyMemory<byte> bytes) => new(null, null, bytes);

    /// <summary>Null where the source is memory.</summary>
    public string? Path { get; }

    public long Length { get; }

    internal ReadOnlyMemory<byte> Memory => memory;

    /// <summary>Up to <paramref name="count"/> bytes (at most 32 768) from <paramref name="offset"/>; shorter at the end. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> Peek(long offset, int count)
    {
        if (offset < 0 || offset >= Length)
            return [];
        count = (int)Math.Min(count, Length - offset);
        if (handle is null)
            return memory.Span.Slice((int)offset, count);
        if (offset < windowStart || offset + count > windowStart + windowLength)
        {
            windowStart = offset;
            windowLength = 0;
            int read;
            while (windowLength < window.Length && (read = RandomAccess.Read(handle, window.AsSpan(windowLength), offset + windowLength)) > 0)
                windowLength += read;
        }
        int from = (int)(offset - windowStart);
        return window.AsSpan(from, Math.Min(count, windowLength - from));
    }

    /// <summary>The bytes <paramref name="offset"/>..+<paramref name="count"/> copied; shorter at the end of the file.</summary>
    internal byte[] Read(long offset, int count)
    {
        if (offset < 0 || offset >= Length)
            return [];
        byte[] bytes = new byte[(int)Math.Min(count, Length - offset)];
        for (int done = 0; done < bytes.Length;)
        {
            ReadOnlySpan<byte> piece = Peek(offset + done, Math.Min(32_768, bytes.Length - done));
            if (piece.IsEmpty)
                return bytes[..done];
            piece.CopyTo(bytes.AsSpan(done));
            done += piece.Length;
        }
        return bytes;
    }

    public void Dispose() => handle?.Dispose();
}
