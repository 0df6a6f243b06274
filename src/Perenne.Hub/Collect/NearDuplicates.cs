using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect;

/// <summary>
/// Clusters of near duplicates, kept up as images arrive: a new perceptual hash joins the nearest representative (the hash of a cluster's
/// first image) within a Hamming radius, else it represents itself. So a cluster never grows by chaining: any two of its hashes differ by at
/// most twice the radius. Found by multi-index hashing: 4 bands of 16 bits, each probed with at most one flipped bit, find every hash within 7 bits.
/// Runs inside the arrival's transaction, so it is right across processes and restarts.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>
    /// Bits out of 64 by which re-encoded, scaled or slightly brightened copies differ at most (measured: 2). One pair of 55 611 different boards lies
    /// within it. Size and mean brightness are not asked for beside it: a scaled copy has another size, and that pair differed by .002 in brightness.
    /// </summary>
    public const int Radius = 4;

    private const int Bands = 4;
    private const int BandBits = 16;

    /// <summary>Arrivals of one project in one organization are recorded one after the other: near hashes arriving at once must see each other. SQLite has one writer anyway.</summary>
    public static Task LockAsync(HubDbContext db, Guid project, Guid organization, CancellationToken cancel) => db is PostgresHubDbContext
        ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({project.ToString() + organization}, 20))", cancel)
        : Task.CompletedTask;

    /// <summary>The cluster the new image belongs to, or null; neighbours found alone join it. The caller holds <see cref="LockAsync"/>.</summary>
    public static async Task<Guid?> JoinAsync(HubDbContext db, Guid project, Guid organization, Guid image, long hash, CancellationToken cancel)
    {
        IQueryable<NearDuplicateHash> known = db.Set<NearDuplicateHash>().Where(h => h.ProjectId == project && h.OrganizationId == organization);
        NearDuplicateHash? same = await known.SingleOrDefaultAsync(h => h.Hash == hash, cancel);
        if (same is not null)
        {
            if (same.ClusterId is null)
            {
                same.ClusterId = same.FirstImageId;
                await db.Set<Image>().Where(i => i.Id == same.FirstImageId).ExecuteUpdateAsync(set => set.SetProperty(i => i.ClusterId, same.FirstImageId), cancel);
            }

            return same.ClusterId;
        }

        NearDuplicateHash? representative = (await NeighboursAsync(db, known, project, organization, hash, cancel))
            .Where(h => h.ClusterId is null || h.ClusterId == h.FirstImageId)
            .MinBy(h => (Distance(h.Hash, hash), h.FirstImageId));
        Guid? cluster = representative?.FirstImageId;
        if (representative is { ClusterId: null })
        {
            representative.ClusterId = cluster;
            await db.Set<Image>().Where(i => i.Id == cluster).ExecuteUpdateAsync(set => set.SetProperty(i => i.ClusterId, cluster), cancel);
        }

        db.Add(new NearDuplicateHash { ProjectId = project, OrganizationId = organization, Hash = hash, FirstImageId = image, ClusterId = cluster });
        db.AddRange(BucketsOf(hash).Select(bucket => new HashBand { ProjectId = project, OrganizationId = organization, Bucket = bucket, Hash = hash }));
        return cluster;
    }

    /// <summary>
    /// An image was removed: its hash stays as long as another image has it, and the cluster is named after and represented by the first that
    /// is left. What was together stays together. The caller holds <see cref="LockAsync"/>.
    /// </summary>
    public static async Task LeaveAsync(HubDbContext db, Image gone, CancellationToken cancel)
    {
        IQueryable<Image> images = db.Set<Image>().Where(i => i.ProjectId == gone.ProjectId && i.OrganizationId == gone.OrganizationId);
        IQueryable<NearDuplicateHash> hashes = db.Set<NearDuplicateHash>().Where(h => h.ProjectId == gone.ProjectId && h.OrganizationId == gone.OrganizationId);
        // Images of one hash are in one cluster; without one there is no other.
        Guid? heir = gone.ClusterId is null ? null : await images.Where(i => i.ClusterId == gone.ClusterId && i.PerceptualHash == gone.PerceptualHash).OrderBy(i => i.Id).Select(i => (Guid?)i.Id).FirstOrDefaultAsync(cancel);
        if (heir is { } next)
        {
            await hashes.Where(h => h.Hash == gone.PerceptualHash).ExecuteUpdateAsync(set => set.SetProperty(h => h.FirstImageId, next), cancel);
        }
        else
        {
            await hashes.Where(h => h.Hash == gone.PerceptualHash).ExecuteDeleteAsync(cancel);
            await db.Set<HashBand>().Where(b => b.ProjectId == gone.ProjectId && b.OrganizationId == gone.OrganizationId && b.Hash == gone.PerceptualHash).ExecuteDeleteAsync(cancel);
        }

        if (gone.ClusterId is not { } cluster)
            return;
        var left = await images.Where(i => i.ClusterId == cluster).OrderBy(i => i.Id).Select(i => new { i.Id, i.PerceptualHash }).Take(2).ToListAsync(cancel);
        Guid? name = left.Count < 2 ? null : left[0].Id;
        if (name == cluster)
            return;
        if (left.Count > 0)
            await hashes.Where(h => h.Hash == left[0].PerceptualHash).ExecuteUpdateAsync(set => set.SetProperty(h => h.FirstImageId, left[0].Id), cancel);
        await images.Where(i => i.ClusterId == cluster).ExecuteUpdateAsync(set => set.SetProperty(i => i.ClusterId, name), cancel);
        await hashes.Where(h => h.ClusterId == cluster).ExecuteUpdateAsync(set => set.SetProperty(h => h.ClusterId, name), cancel);
    }

    internal static IEnumerable<int> BucketsOf(long hash) => Enumerable.Range(0, Bands).Select(band => Bucket(hash, band));

    /// <summary>Every bucket in which a hash within 7 bits must have been filed.</summary>
    internal static IEnumerable<int> ProbesOf(long hash) =>
        BucketsOf(hash).SelectMany(bucket => Enumerable.Range(0, BandBits).Select(bit => bucket ^ (1 << bit)).Prepend(bucket));

    private static int Distance(long a, long b) => BitOperations.PopCount((ulong)(a ^ b));

    private static int Bucket(long hash, int band) => (band << BandBits) | (int)((ulong)hash >> (band * BandBits) & 0xFFFF);

    private static async Task<List<NearDuplicateHash>> NeighboursAsync(
        HubDbContext db, IQueryable<NearDuplicateHash> known, Guid project, Guid organization, long hash, CancellationToken cancel)
    {
        int[] probes = [.. Radius <= 3 ? BucketsOf(hash) : ProbesOf(hash)];
        List<long> candidates = await db.Set<HashBand>()
            .Where(b => b.ProjectId == project && b.OrganizationId == organization && probes.Contains(b.Bucket))
            .Select(b => b.Hash).Distinct().ToListAsync(cancel);
        List<long> near = [.. candidates.Where(other => Distance(other, hash) <= Radius)];
        return near.Count == 0 ? [] : await known.Where(h => near.Contains(h.Hash)).ToListAsync(cancel);
    }
}
