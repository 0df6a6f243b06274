using System.Security.Cryptography;
using System.Text;
using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>The blobs in which an upload's bytes wait. A key names the upload and the bytes, so a repeated piece is the same blob.</summary>
internal static class UploadPieces
{
    public static BlobKey KeyOf(Upload upload, long from, long to) =>
        new(upload.OrganizationId, BlobKind.Piece, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{upload.Id:n}/{from}/{to}"))));

    public static IEnumerable<BlobKey> KeysOf(Upload upload) => upload.Pieces.Select((from, n) => KeyOf(upload, from, n + 1 < upload.Pieces.Count ? upload.Pieces[n + 1] : upload.Offset));

    public static async Task DeleteAsync(IBlobStore blobs, Upload upload, CancellationToken cancel)
    {
        foreach (BlobKey key in KeysOf(upload))
            await blobs.DeleteAsync(key, cancel);
    }
}

/// <summary>The pieces one after the other, each opened when its turn comes.</summary>
internal sealed class PiecesStream(IBlobStore blobs, IEnumerable<BlobKey> keys) : Stream
{
    private readonly IEnumerator<BlobKey> next = keys.GetEnumerator();
    private Stream? current;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (current is not null && await current.ReadAsync(buffer, cancellationToken) is > 0 and int read)
                return read;
            if (current is not null)
                await current.DisposeAsync();
            if (!next.MoveNext())
                return 0;
            current = await blobs.OpenAsync(next.Current, cancellationToken) ?? throw new PieceMissingException();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            current?.Dispose();
            next.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Another process finished or expired the upload while this one was reading it.</summary>
internal sealed class PieceMissingException() : IOException("A piece of the upload is gone.");
