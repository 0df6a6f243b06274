using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Share.Exports;

/// <summary>A blob as a seekable stream where the store itself gives none: reads a window at a time, so that a broken download can go on in the middle.</summary>
internal sealed class RangedBlob(IBlobStore blobs, BlobKey key, long length) : Stream
{
    private const int Window = 1 << 20;

    private byte[] window = [];
    private long windowAt;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length)
            return 0;
        if (Position < windowAt || Position >= windowAt + window.Length)
        {
            int wanted = (int)Math.Min(Window, length - Position);
            window = await blobs.ReadAsync(key, Position, wanted, cancellationToken) ?? throw new FileNotFoundException($"{key.Path} is missing from the blob store.");
            windowAt = Position;
        }

        int from = (int)(Position - windowAt), count = Math.Min(buffer.Length, window.Length - from);
        window.AsMemory(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous reading.");

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
