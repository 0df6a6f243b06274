using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Deploy;

/// <summary>A blob of known length that can be read from any place, also out of an object store: in pieces, each asked for when it is reached.</summary>
internal sealed class PieceStream(IBlobStore blobs, BlobKey key, long length) : Stream
{
    private const int PieceBytes = 4 << 20;
    private byte[] piece = [];
    private long pieceStart, position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => position; set => position = value; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= length)
            return 0;
        if (position < pieceStart || position >= pieceStart + piece.Length)
        {
            piece = await blobs.ReadAsync(key, position, (int)Math.Min(PieceBytes, length - position), cancellationToken)
                ?? throw new FileNotFoundException($"The blob {key.Hash} is gone.");
            pieceStart = position;
        }

        int from = (int)(position - pieceStart), count = Math.Min(buffer.Length, piece.Length - from);
        piece.AsMemory(from, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously: the pieces come over the network.");

    public override long Seek(long offset, SeekOrigin origin) => position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
