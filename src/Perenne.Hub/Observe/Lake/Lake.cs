using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Observe;

/// <param name="Path">Local and complete.</param>
/// <param name="IsDay">True: it has the columns <c>station_id</c> and <c>segment</c>.</param>
internal sealed record LakeFile(Guid OrganizationId, string Path, bool IsDay, Guid? StationId, long Number);

/// <summary>
/// The folder <c>observations/org=…/day=…/</c> below the data folder, which any tool may read. The blob store holds the truth; a file
/// that is missing here (another hub process took it, or the disk was cleaned) is fetched when a question needs it.
/// </summary>
internal sealed class Lake(HubDbContext db, IBlobStore blobs, IOptions<HubOptions> options)
{
    private static long copies;

    private string Root => Path.Combine(options.Value.DataFolder, "observations");

    public string PathOf(Segment segment) => Path.Combine(FolderOf(segment.OrganizationId, DateOnly.FromDateTime(segment.FirstAt.UtcDateTime)),
        string.Create(CultureInfo.InvariantCulture, $"{segment.StationId:n}-{segment.Number:00000000}.parquet"));

    public string PathOf(LakeDay day) => Path.Combine(FolderOf(day.OrganizationId, day.Day), $"day-{day.Id:n}.parquet");

    private string FolderOf(Guid organization, DateOnly day) => Path.Combine(Root, $"org={organization:d}", $"day={day:yyyy-MM-dd}");

    public Task<string> EnsureAsync(Segment segment, CancellationToken cancel) => FetchAsync(segment.OrganizationId, segment.Sha256, PathOf(segment), cancel);

    public Task<string> EnsureAsync(LakeDay day, CancellationToken cancel) => FetchAsync(day.OrganizationId, day.Sha256, PathOf(day), cancel);

    public void Remove(Segment segment) => Remove(PathOf(segment));

    public void Remove(LakeDay day) => Remove(PathOf(day));

    /// <summary>Every file with observations captured in the time asked for, oldest first; days where they are, segments that no day holds yet.</summary>
    public async Task<List<LakeFile>> FilesAsync(IReadOnlyList<Guid> organizations, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        List<LakeDay> days = await db.Set<LakeDay>().AsNoTracking()
            .Where(d => organizations.Contains(d.OrganizationId) && d.DroppedAt == null && d.FirstAt <= to && d.LastAt >= from).OrderBy(d => d.FirstAt).ToListAsync(cancel);
        List<Segment> loose = await db.Set<Segment>().AsNoTracking()
            .Where(s => organizations.Contains(s.OrganizationId) && s.DayId == null && s.DroppedAt == null && s.FirstAt <= to && s.LastAt >= from).OrderBy(s => s.FirstAt).ToListAsync(cancel);
        List<LakeFile> files = [];
        foreach (LakeDay day in days)
            files.Add(new(day.OrganizationId, await EnsureAsync(day, cancel), true, null, 0));
        foreach (Segment segment in loose)
            files.Add(new(segment.OrganizationId, await EnsureAsync(segment, cancel), false, segment.StationId, segment.Number));
        return files;
    }

    /// <summary>All files as one table <c>observations</c>, with org, station and segment; null when there is no file.</summary>
    public static string? Sql(IReadOnlyList<LakeFile> files)
    {
        List<string> parts = [];
        if (files.Where(f => f.IsDay).Select(f => f.Path).ToList() is { Count: > 0 } days)
            parts.Add($"SELECT * EXCLUDE (filename), regexp_extract(filename, 'org=([0-9a-f-]{{36}})', 1) AS organization_id FROM read_parquet({Duck.List(days)}, union_by_name = true, hive_partitioning = false, filename = true)");
        if (files.Where(f => !f.IsDay).Select(f => f.Path).ToList() is { Count: > 0 } loose)
            parts.Add($$"""
                SELECT * EXCLUDE (filename), regexp_extract(filename, 'org=([0-9a-f-]{36})', 1) AS organization_id,
                  regexp_extract(filename, '([0-9a-f]{32})-\d+\.parquet$', 1)::UUID::VARCHAR AS station_id, regexp_extract(filename, '-(\d+)\.parquet$', 1)::BIGINT AS segment
                FROM read_parquet({{Duck.List(loose)}}, union_by_name = true, hive_partitioning = false, filename = true)
                """);
        return parts.Count == 0 ? null : $"CREATE TEMP VIEW observations AS {string.Join(" UNION ALL BY NAME ", parts)}";
    }

    private async Task<string> FetchAsync(Guid organization, string hash, string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            Stream blob = await blobs.OpenAsync(new(organization, BlobKind.Observations, hash), cancel)
                ?? throw new FileNotFoundException($"The observations {hash} are missing from the blob store.");
            await CopyAsync(blob, path, cancel);
        }

        return path;
    }

    private static async Task CopyAsync(Stream from, string path, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Not the thread: it is given back at every await, and two copies would share its number.
        string part = $"{path}.{Environment.ProcessId}.{Interlocked.Increment(ref copies)}.part";
        try
        {
            await using (from)
            await using (FileStream to = new(part, FileMode.Create, FileAccess.Write, FileShare.None))
                await from.CopyToAsync(to, cancel);
            File.Move(part, path, overwrite: true);
        }
        catch (IOException error) when (StorageFullException.IsDiskFull(error))
        {
            File.Delete(part);
            throw StorageFullException.At(Path.GetDirectoryName(path)!, error);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path)))
            File.Delete(path);
    }
}
