using System.Globalization;
using System.Security.Cryptography;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Observe;

/// <summary>
/// Puts the segments of each past day into one sorted file, and lets go of what is older than the organization keeps. Both are safe to
/// repeat and to run in several processes: what was taken by somebody else meanwhile makes the step fall out.
/// </summary>
internal sealed class Compaction(
    HubDbContext db, WriteTurn turn, Lake lake, IBlobStore blobs, Staging staging, IOptions<HubOptions> options, IdSource ids, TimeProvider time, ILogger<Compaction> logger)
{
    /// <summary>A day is put together once it is this long over: stations that were offline for a while have delivered.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromHours(6);

    /// <returns>Day files made.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        DateTimeOffset settled = time.GetUtcNow() - Settle;
        DateTimeOffset end = new(settled.UtcDateTime.Date, TimeSpan.Zero);
        int made = 0;
        foreach (Guid organization in await db.Set<Organization>().Select(o => o.Id).ToListAsync(cancel))
        {
            List<Segment> loose = await db.Set<Segment>().AsNoTracking().Where(s => s.OrganizationId == organization && s.DayId == null && s.DroppedAt == null && s.FirstAt < end)
                .OrderBy(s => s.FirstAt).Take(20_000).ToListAsync(cancel);
            foreach (IGrouping<DateOnly, Segment> day in loose.GroupBy(s => DateOnly.FromDateTime(s.FirstAt.UtcDateTime)))
                made += await CompactAsync(organization, day.Key, [.. day], cancel) ? 1 : 0;
        }

        return made;
    }

    /// <returns>Files let go of.</returns>
    public async Task<int> DropOldAsync(CancellationToken cancel)
    {
        if (options.Value.Observations.KeepDays is not { } keep)
            return 0;
        DateTimeOffset now = time.GetUtcNow(), limit = now.AddDays(-keep);
        List<LakeDay> days = await db.Set<LakeDay>().Where(d => d.LastAt < limit && d.DroppedAt == null).Take(1000).ToListAsync(cancel);
        List<Segment> segments = await db.Set<Segment>().Where(s => s.LastAt < limit && s.DroppedAt == null && s.DayId == null).Take(1000).ToListAsync(cancel);
        days.ForEach(d => d.DroppedAt = now);
        segments.ForEach(s => s.DroppedAt = now);
        await db.SaveChangesAsync(cancel);
        foreach (LakeDay day in days)
        {
            lake.Remove(day);
            await blobs.DeleteAsync(new(day.OrganizationId, BlobKind.Observations, day.Sha256), cancel);
        }

        foreach (Segment segment in segments)
        {
            lake.Remove(segment);
            await blobs.DeleteAsync(new(segment.OrganizationId, BlobKind.Observations, segment.Sha256), cancel);
        }

        return days.Count + segments.Count;
    }

    private async Task<bool> CompactAsync(Guid organization, DateOnly date, List<Segment> segments, CancellationToken cancel)
    {
        List<LakeFile> files = [];
        foreach (Segment segment in segments)
            files.Add(new(organization, await lake.EnsureAsync(segment, cancel), false, segment.StationId, segment.Number));
        string path = staging.NewPath();
        try
        {
            await using (DuckDBConnection duck = await Duck.OpenAsync(cancel))
            {
                await Duck.ExecuteAsync(duck, Lake.Sql(files)!, cancel);
                await Duck.ExecuteAsync(duck, $"COPY (SELECT * EXCLUDE (organization_id) FROM observations ORDER BY captured_at, station_id, sequence) TO {Duck.Quote(path)} (FORMAT parquet, COMPRESSION zstd)", cancel);
                long written = (await Duck.ReadAsync(duck, $"SELECT count(*) FROM read_parquet({Duck.Quote(path)})", r => r.GetInt64(0), cancel))[0];
                if (written != segments.Sum(s => (long)s.Rows))
                    throw new InvalidOperationException($"The day {date:yyyy-MM-dd} of {organization} has {written} rows, its segments {segments.Sum(s => (long)s.Rows)}.");
            }

            return await RecordAsync(organization, date, segments, path, cancel);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<bool> RecordAsync(Guid organization, DateOnly date, List<Segment> segments, string path, CancellationToken cancel)
    {
        string hash;
        await using (FileStream file = File.OpenRead(path))
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
        LakeDay day = new()
        {
            Id = ids.Next(), OrganizationId = organization, Day = date, Sha256 = hash, Bytes = new FileInfo(path).Length, Rows = segments.Sum(s => s.Rows), Segments = segments.Count,
            FirstAt = segments.Min(s => s.FirstAt), LastAt = segments.Max(s => s.LastAt), MadeAt = time.GetUtcNow(),
        };
        await blobs.PutAsync(new(organization, BlobKind.Observations, hash), path, cancel);
        List<Guid> taken = segments.ConvertAll(s => s.Id);
        bool won = false;
        await turn.RunAsync(db, async () =>
        {
            db.Add(day);
            await db.SaveChangesAsync(cancel);
            int updated = await db.Set<Segment>().Where(s => taken.Contains(s.Id) && s.DayId == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.DayId, day.Id), cancel);
            won = updated == taken.Count;
            if (!won)
                await db.Set<LakeDay>().Where(d => d.Id == day.Id).ExecuteDeleteAsync(cancel);
            if (!won && updated > 0)
                throw new InvalidOperationException("Another hub process compacts the same day; this one steps back.");
        }, cancel);
        if (!won)
            return false;
        await lake.EnsureAsync(day, cancel);
        foreach (Segment segment in segments)
        {
            // The day holds the rows now, and its hash was checked against their number.
            lake.Remove(segment);
            if (segment.Sha256 != hash)
                await blobs.DeleteAsync(new(organization, BlobKind.Observations, segment.Sha256), cancel);
        }

        logger.LogInformation("{Count} segments of {Day} were put into one file.", segments.Count, date.ToString("O", CultureInfo.InvariantCulture));
        return true;
    }
}
