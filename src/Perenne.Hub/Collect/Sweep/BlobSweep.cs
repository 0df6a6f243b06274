using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Uploads;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect.Sweep;

/// <summary>
/// Removes what a crash or a deletion left: expired uploads, and blobs that no row refers to. Only blobs older than an hour: a running
/// import stores the blob first and its row seconds later.
/// </summary>
internal sealed class BlobSweep(HubDbContext db, IBlobStore blobs, TimeProvider time, ILogger<BlobSweep> logger)
{
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const int AskAtOnce = 500;

    private static readonly BlobKind[] OfImages = [BlobKind.Original, BlobKind.Thumbnail, BlobKind.Tiles];

    /// <returns>How many blobs were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await DropExpiredUploadsAsync(cancel);
        int removed = 0;
        foreach (Guid organization in await db.Set<Organization>().Select(o => o.Id).ToListAsync(cancel))
        {
            foreach (BlobKind kind in OfImages)
                removed += await SweepAsync(organization, kind, hashes => db.Set<Image>().Where(i => i.OrganizationId == organization && hashes.Contains(i.ContentHash)).Select(i => i.ContentHash).ToListAsync(cancel), cancel);
            HashSet<string> pieces = await PiecesAsync(organization, cancel);
            removed += await SweepAsync(organization, BlobKind.Piece, hashes => Task.FromResult<List<string>>([.. hashes.Where(pieces.Contains)]), cancel);
        }

        if (removed > 0)
            logger.LogInformation("Removed {Count} blobs that nothing refers to.", removed);
        return removed;
    }

    /// <summary>After an image was deleted: its blobs at once, unless another project has the content or they are so young that they wait for the sweep.</summary>
    public async Task RemoveUnusedAsync(Guid organization, string hash, CancellationToken cancel)
    {
        if (await db.Set<Image>().AnyAsync(i => i.OrganizationId == organization && i.ContentHash == hash, cancel))
            return;
        foreach (BlobKind kind in OfImages)
            await blobs.DeleteIfOlderAsync(new(organization, kind, hash), time.GetUtcNow() - Grace, cancel);
    }

    private async Task<int> SweepAsync(Guid organization, BlobKind kind, Func<string[], Task<List<string>>> referred, CancellationToken cancel)
    {
        DateTimeOffset limit = time.GetUtcNow() - Grace;
        int removed = 0;
        List<string> old = [];
        await foreach (StoredBlob blob in blobs.ListAsync(organization, kind, cancel))
        {
            if (blob.WrittenAt < limit)
                old.Add(blob.Hash);
            if (old.Count == AskAtOnce)
                removed += await RemoveAsync();
        }

        return removed + await RemoveAsync();

        async Task<int> RemoveAsync()
        {
            HashSet<string> kept = [.. old.Count == 0 ? [] : await referred([.. old])];
            int gone = 0;
            foreach (string hash in old.Where(hash => !kept.Contains(hash)))
                gone += await blobs.DeleteIfOlderAsync(new(organization, kind, hash), limit, cancel) ? 1 : 0;
            old.Clear();
            return gone;
        }
    }

    private async Task DropExpiredUploadsAsync(CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        // Its pieces have no row from here on, and go with the other blobs.
        await db.Set<Upload>().Where(u => u.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
    }

    private async Task<HashSet<string>> PiecesAsync(Guid organization, CancellationToken cancel)
    {
        List<Upload> open = await db.Set<Upload>().AsNoTracking().Where(u => u.OrganizationId == organization && u.Verdict == null).ToListAsync(cancel);
        return [.. open.SelectMany(UploadPieces.KeysOf).Select(key => key.Hash)];
    }
}
