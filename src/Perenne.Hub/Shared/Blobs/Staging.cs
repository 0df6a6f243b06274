using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Perenne.Hub.Shared.Blobs;

/// <summary>
/// Where bytes wait until they are known to be an image. Each process has its own folder and holds a lock in it; at start the folders
/// whose lock can be taken belong to processes that died, and are removed.
/// </summary>
internal sealed class Staging : IDisposable
{
    private const string LockName = ".lock";
    private readonly IdSource ids;
    private readonly long maxBytes;
    private readonly string folder;
    private readonly FileStream held;

    public Staging(IOptions<HubOptions> options, IdSource ids)
    {
        this.ids = ids;
        maxBytes = options.Value.Images.MaxFileBytes;
        string parent = Path.Combine(BlobServices.FolderOf(options.Value), ".staging");
        Directory.CreateDirectory(parent);
        RemoveLeftovers(parent);
        folder = Path.Combine(parent, ids.Next().ToString("n"));
        Directory.CreateDirectory(folder);
        held = new(Path.Combine(folder, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>An empty place for a file that is written by other means.</summary>
    public string NewPath() => Path.Combine(folder, ids.Next().ToString("n"));

    /// <summary>Streams to a file and hashes on the way: one pass, constant memory. The caller disposes of it.</summary>
    /// <exception cref="StorageFullException">Nothing is left behind.</exception>
    /// <exception cref="FileTooLargeException">Nothing is left behind.</exception>
    public async Task<StagedFile> WriteAsync(Stream content, CancellationToken cancel)
    {
        string path = NewPath();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long bytes = 0;
            await using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
                {
                    bytes += read;
                    if (bytes > maxBytes)
                        throw new FileTooLargeException(maxBytes);
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
            }

            return new(path, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        catch (Exception error)
        {
            File.Delete(path);
            if (error is IOException io && StorageFullException.IsDiskFull(io))
                throw StorageFullException.At(folder, io);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        held.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void RemoveLeftovers(string parent)
    {
        foreach (string old in Directory.EnumerateDirectories(parent))
        {
            try
            {
                using (new FileStream(Path.Combine(old, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
                    Directory.Delete(old, recursive: true);
            }
            catch (IOException)
            {
                // Its process lives.
            }
        }
    }
}

/// <summary>A file that waits; disposing removes it unless it was moved into the blob store.</summary>
internal sealed record StagedFile(string Path, string Hash, long Bytes) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}

internal sealed class FileTooLargeException(long limit) : IOException($"The file is larger than {limit >> 20} MB, the limit of this hub (Hub:Images:MaxFileBytes).");
