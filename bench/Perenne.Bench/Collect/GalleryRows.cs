using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Bench.Collect;

/// <summary>Image rows as a camera makes them, half a minute apart, written by the database itself from one row that the hub's model wrote.</summary>
internal static class GalleryRows
{
    public const int Cameras = 8;

    public static Task<int> FillAsync(BenchHub hub, int rows) => hub.InsideAsync(async services =>
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        bool isSqlite = db is SqliteHubDbContext;
        Image first = new()
        {
            Id = services.GetRequiredService<IdSource>().Next(), OrganizationId = hub.Organization, ProjectId = hub.Project, ContentHash = new string('f', 64), FileName = "first.jpg", Format = "jpeg",
            Bytes = 90_000, Width = 640, Height = 640, BitDepth = 8, Channels = 1, Orientation = 1, Camera = "top-0", CapturedAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), SearchText = "first.jpg",
            PerceptualHash = 0, Quality = ImageQuality.Usable, QualityScore = 1, QualityReasons = "", ArrivedAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        db.Add(first);
        await db.SaveChangesAsync();
        IEntityType type = db.Model.FindEntityType(typeof(Image))!;
        Dictionary<string, string> values = type.GetProperties().ToDictionary(p => p.GetColumnName(), p => "i." + p.GetColumnName());
        foreach ((string name, string expression) in isSqlite ? Sqlite : Postgres)
            values[type.FindProperty(name)!.GetColumnName()] = expression;
        string series = isSqlite
            ? $"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {rows - 1})"
            : $"WITH s(n) AS (SELECT generate_series(1::bigint, {rows - 1}))";
        // From a copy of the first row: a table that is read and written at once is collected in memory before.
        await BulkFill.IntoAsync(db, "images", $"CREATE TEMP TABLE one AS SELECT * FROM images; {series} INSERT INTO images ({string.Join(", ", values.Keys)}) SELECT {string.Join(", ", values.Values)} FROM s, one i; DROP TABLE one");
        await db.Database.ExecuteSqlRawAsync(
            "INSERT INTO image_counters (project_id, organization_id, quality, count) SELECT project_id, organization_id, quality, count(*) FROM images GROUP BY 1, 2, 3");
        if (!isSqlite)
            await db.Database.ExecuteSqlRawAsync("ANALYZE"); // The autovacuum's work, which a server has done long before it holds a million rows.
        return await db.Set<Image>().CountAsync();
    });

    // Every tenth is flagged, every fiftieth rejected, every third annotated; ids in order of arrival, as the hub makes them.
    private static readonly (string, string)[] Sqlite =
    [
        (nameof(Image.Id), "printf('%08X-%04X-7000-8000-000000000000', n / 65536, n % 65536)"), (nameof(Image.ContentHash), "printf('%064x', n)"), (nameof(Image.FileName), "'board-' || n || '.jpg'"),
        (nameof(Image.SearchText), "'board-' || n || '.jpg'"), (nameof(Image.Camera), $"'top-' || (n % {Cameras})"), (nameof(Image.CapturedAt), "i.captured_at + n * 30000000"),
        (nameof(Image.ArrivedAt), "i.arrived_at + n * 30000000"), (nameof(Image.PerceptualHash), "n"), (nameof(Image.Quality), "CASE WHEN n % 50 = 0 THEN 2 WHEN n % 10 = 0 THEN 1 ELSE 0 END"),
        (nameof(Image.QualityScore), "(n * 7919 % 1000) / 1000.0"), (nameof(Image.IsAnnotated), "n % 3 = 0"),
    ];

    private static readonly (string, string)[] Postgres =
    [
        (nameof(Image.Id), "(lpad(to_hex(n), 12, '0') || '70008000000000000000')::uuid"), (nameof(Image.ContentHash), "lpad(to_hex(n), 64, '0')"), (nameof(Image.FileName), "'board-' || n || '.jpg'"),
        (nameof(Image.SearchText), "'board-' || n || '.jpg'"), (nameof(Image.Camera), $"'top-' || (n % {Cameras})"), (nameof(Image.CapturedAt), "i.captured_at + n * interval '30 seconds'"),
        (nameof(Image.ArrivedAt), "i.arrived_at + n * interval '30 seconds'"), (nameof(Image.PerceptualHash), "n"), (nameof(Image.Quality), "CASE WHEN n % 50 = 0 THEN 2 WHEN n % 10 = 0 THEN 1 ELSE 0 END"),
        (nameof(Image.QualityScore), "(n * 7919 % 1000) / 1000.0"), (nameof(Image.IsAnnotated), "n % 3 = 0"),
    ];
}
