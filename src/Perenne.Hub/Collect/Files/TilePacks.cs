using Microsoft.Extensions.Caching.Memory;
using Perenne.Hub.Shared.Blobs;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Files;

/// <summary>Single tiles out of packs: the pack's index is read once and kept, then each tile is one ranged read, in a folder as in an object store.</summary>
internal sealed class TilePacks(IBlobStore blobs) : IDisposable
{
    /// <summary>Together for the indexes of some twenty of the largest pictures, or of tens of thousands of usual ones.</summary>
    private const long CachedBytes = 8L << 20;

    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache indexes = new(new MemoryCacheOptions { SizeLimit = CachedBytes });

    /// <summary>Null in place of the pack: it was not made yet. Null in place of the tile: there is no such tile.</summary>
    public async Task<(bool IsMade, byte[]? Tile)> ReadAsync(Guid organization, string hash, int width, int height, (int Level, int Column, int Row) tile, CancellationToken cancel)
    {
        BlobKey key = new(organization, BlobKind.Tiles, hash);
        if (!indexes.TryGetValue(key, out TileIndex? index))
        {
            if (await blobs.ReadAsync(key, 0, TileIndex.BytesOf(width, height), cancel) is not { } head)
                return (false, null);
            using MemoryStream stream = new(head);
            index = TileIndex.Read(stream);
            indexes.Set(key, index, new MemoryCacheEntryOptions { Size = head.Length, SlidingExpiration = Unused });
        }

        if (index!.Find(tile.Level, tile.Column, tile.Row) is not { } range)
            return (true, null);
        byte[]? bytes = await blobs.ReadAsync(key, range.Offset, range.Length, cancel);
        if (bytes is null)
            indexes.Remove(key); // Deleted meanwhile; it is made anew.
        return (bytes is not null, bytes);
    }

    public void Dispose() => indexes.Dispose();
}
