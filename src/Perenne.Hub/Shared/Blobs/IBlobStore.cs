namespace Perenne.Hub.Shared.Blobs;

/// <summary>Where originals, thumbnails and tiles live. A blob is there whole or not at all; writing it twice is a no-op.</summary>
internal interface IBlobStore
{
    /// <summary>Takes the file's content; the file may be moved away. A blob that exists already has its age renewed, so that no sweep takes it.</summary>
    /// <exception cref="StorageFullException">Nothing was stored.</exception>
    Task PutAsync(BlobKey key, string file, CancellationToken cancel);

    /// <summary>A seekable or forward stream of the blob; null where there is none.</summary>
    Task<Stream?> OpenAsync(BlobKey key, CancellationToken cancel);

    /// <summary>Exactly these bytes of the blob, without reading the rest; null where there is no such blob.</summary>
    /// <exception cref="EndOfStreamException">The blob is shorter.</exception>
    Task<byte[]?> ReadAsync(BlobKey key, long offset, int length, CancellationToken cancel);

    Task<bool> ExistsAsync(BlobKey key, CancellationToken cancel);

    /// <summary>No error when it is gone already.</summary>
    Task DeleteAsync(BlobKey key, CancellationToken cancel);

    /// <summary>
    /// For blobs no row refers to: removes one only if nobody wrote or renewed it since, so that an arrival of the same content meanwhile
    /// keeps it. Exact in a folder, across processes; in an object store the check and the removal are two requests, milliseconds apart.
    /// </summary>
    /// <returns>Whether it was removed.</returns>
    Task<bool> DeleteIfOlderAsync(BlobKey key, DateTimeOffset limit, CancellationToken cancel);

    IAsyncEnumerable<StoredBlob> ListAsync(Guid organization, BlobKind kind, CancellationToken cancel);
}

/// <summary>The disk or the quota is full. Becomes 507 with its sentence.</summary>
internal sealed class StorageFullException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>ENOSPC and EDQUOT on Linux, ERROR_DISK_FULL on Windows; the runtime passes the raw code on or wraps it.</summary>
    public static bool IsDiskFull(IOException error) => error is StorageFullException || (error.HResult & 0xFFFF) is 28 or 122 or 0x70;

    public static StorageFullException At(string folder, IOException inner) =>
        new($"The disk of {folder} is full: free some space or move the data folder to a larger disk, then send the file again.", inner);
}
