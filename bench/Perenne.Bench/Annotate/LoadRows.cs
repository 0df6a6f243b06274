using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Bench.Annotate;

/// <summary>Tasks and slots of a large campaign, copied by the database from one task that the hub's own model wrote.</summary>
internal static class LoadRows
{
    public static async Task WriteAsync(HubDbContext db, Guid campaign, Guid organization, int tasks, Guid first, DateTimeOffset now)
    {
        AnnotationTask task = new() { Id = first, OrganizationId = organization, CampaignId = campaign, ImageId = first, Place = 0, Required = 1, CreatedAt = now };
        Assignment slot = new() { Id = first, OrganizationId = organization, CampaignId = campaign, TaskId = first, Slot = 0, QueueKey = QueueKey.Of(0, 0, 0) };
        db.Add(task);
        db.Add(slot);
        await db.SaveChangesAsync();
        bool isSqlite = db is SqliteHubDbContext;

        // Ids in order of arrival, as the hub makes them; the first 8 digits tell campaigns apart.
        string head = first.ToString("N")[..4] + campaign.ToString("N")[^4..];
        string Id(int kind) => isSqlite ? $"printf('{head.ToUpperInvariant()}-%04X-7%03X-8{kind}00-000000000000', n / 4096, n % 4096)" : $"('{head}' || lpad(to_hex(n / 4096), 4, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8{kind}00000000000000')::uuid";
        string series = isSqlite ? $"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {tasks - 1})" : $"WITH s(n) AS (SELECT generate_series(1::bigint, {tasks - 1}))";
        long head0 = (long)QueueKey.MaxPriority << 56;
        await CopyAsync(db, typeof(AnnotationTask), series, first, "", new()
        {
            [nameof(AnnotationTask.Id)] = Id(0), [nameof(AnnotationTask.ImageId)] = Id(2), [nameof(AnnotationTask.Place)] = "n", [nameof(AnnotationTask.Required)] = "CASE WHEN n % 5 = 0 THEN 2 ELSE 1 END",
        });
        foreach (int number in new[] { 0, 1 })
        {
            await CopyAsync(db, typeof(Assignment), series, first, number == 0 ? "" : " AND n % 5 = 0", new()
            {
                [nameof(Assignment.Id)] = Id(4 + number), [nameof(Assignment.TaskId)] = Id(0), [nameof(Assignment.Slot)] = $"{number}", [nameof(Assignment.QueueKey)] = $"{head0} + n * 256 + {number}",
            });
        }

        if (!isSqlite)
            await db.Database.ExecuteSqlRawAsync("ANALYZE annotation_tasks; ANALYZE assignments"); // The autovacuum's work.
    }

    private static Task<int> CopyAsync(HubDbContext db, Type entity, string series, Guid first, string where, Dictionary<string, string> changed)
    {
        IEntityType type = db.Model.FindEntityType(entity)!;
        Dictionary<string, string> values = type.GetProperties().ToDictionary(p => p.GetColumnName(), p => "t." + p.GetColumnName());
        foreach ((string name, string expression) in changed)
            values[type.FindProperty(name)!.GetColumnName()] = expression;
        string insert = $"{series} INSERT INTO {type.GetTableName()} ({string.Join(", ", values.Keys)}) SELECT {string.Join(", ", values.Values)} FROM s, {type.GetTableName()} t WHERE t.id = {{0}}{where}";
        return db.Database.ExecuteSqlRawAsync(insert, first);
    }
}
