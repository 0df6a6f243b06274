using System.Runtime.CompilerServices;

namespace Perenne.Hub.Shared.Blobs;

/// <summary>Blobs as files: written beside their place, flushed to the disk, then renamed, so that a power cut leaves the old state or the new.</summary>
internal sealed class FolderBlobs(string root, TimeProvider time) : IBlobStore
{
    private const string Unfinished = ".part";

    public async Task PutAsync(BlobKey key, string file, CancellationToken cancel)
    {
        string target = PathOf(key);
        if (TryRenew(target))
            return;
        string folder = Path.GetDirectoryName(target)!;
        try
        {
            CreateDurably(folder);
            if (!TryRename(file, target))
                await CopyAsync(file, target, cancel);
        }
        catch (IOException error) when (StorageFullException.IsDiskFull(error))
        {
            throw StorageFullException.At(root, error);
        }

        DurableFolder.Flush(folder);
    }

    public Task<Stream?> OpenAsync(BlobKey key, CancellationToken cancel)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 << 10, FileOptions.Asynchronous));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public async Task<byte[]?> ReadAsync(BlobKey key, long offset, int length, CancellationToken cancel)
    {
        await using Stream? blob = await OpenAsync(key, cancel);
        if (blob is null)
            return null;
        byte[] bytes = new byte[length];
        blob.Position = offset;
        await blob.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    public Task<bool> ExistsAsync(BlobKey key, CancellationToken cancel) => Task.FromResult(File.Exists(PathOf(key)));

    public Task DeleteAsync(BlobKey key, CancellationToken cancel)
    {
        if (Directory.Exists(Path.GetDirectoryName(PathOf(key))))
            File.Delete(PathOf(key));
        return Task.CompletedTask;
    }

    /// <summary>Moved aside first: whoever renews it before that is seen, whoever comes later finds nothing and writes it anew.</summary>
    public Task<bool> DeleteIfOlderAsync(BlobKey key, DateTimeOffset limit, CancellationToken cancel)
    {
        string target = PathOf(key), aside = $"{target}.{Environment.ProcessId}{Unfinished}";
        try
        {
            if (File.GetLastWriteTimeUtc(target) >= limit.UtcDateTime)
                return Task.FromResult(false);
            File.Move(target, aside, overwrite: true);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }

        bool isRenewed = File.GetLastWriteTimeUtc(aside) >= limit.UtcDateTime;
        if (isRenewed)
            File.Move(aside, target, overwrite: true);
        else
            File.Delete(aside);
        return Task.FromResult(!isRenewed);
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(Guid organization, BlobKind kind, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        DirectoryInfo folder = new(Path.Combine(root, BlobKey.Folder(organization, kind)));
        if (!folder.Exists)
            yield break;
        foreach (FileInfo file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            if (!file.Name.EndsWith(Unfinished, StringComparison.Ordinal))
                yield return new(file.Name, file.LastWriteTimeUtc, file.Length);
        }
    }

    /// <summary>The blob's file, for programs of this machine that only read; it may not exist.</summary>
    public string FileOf(BlobKey key) => PathOf(key);

    private string PathOf(BlobKey key) => Path.Combine(root, key.Path);

    private bool TryRenew(string target)
    {
        if (!File.Exists(target))
            return false;
        try
        {
            File.SetLastWriteTimeUtc(target, time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false; // Swept at this very moment.
        }
    }

    private static bool TryRename(string file, string target)
    {
        try
        {
            using (FileStream written = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                written.Flush(flushToDisk: true);
            File.Move(file, target, overwrite: true);
            return true;
        }
        catch (IOException error) when (!StorageFullException.IsDiskFull(error) && File.Exists(file))
        {
            return false; // Another file system: copied instead.
        }
    }

    private static async Task CopyAsync(string file, string target, CancellationToken cancel)
    {
        string part = $"{target}.{Environment.ProcessId}{Unfinished}";
        try
        {
            await using (FileStream from = File.OpenRead(file))
            await using (FileStream to = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await from.CopyToAsync(to, cancel);
                to.Flush(flushToDisk: true);
            }

            File.Move(part, target, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static void CreateDurably(string folder)
    {
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        DurableFolder.Flush(Path.GetDirectoryName(folder)!);
    }
}
