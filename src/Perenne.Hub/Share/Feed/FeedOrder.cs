using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Feed;

/// <summary>
/// Numbers the changes that have been committed, before the feed is read. One at a time: on PostgreSQL under an advisory lock that is held
/// until the numbers are committed, on SQLite as the one writer. So a number that becomes visible later is always greater than every number
/// visible before, and a reader that goes on behind its last number misses nothing, whatever order transactions are committed in.
/// </summary>
internal sealed class FeedOrder(IServiceScopeFactory scopes, WriteTurn turn)
{
    private const int Batch = 5000;
    private const long Lock = 7305220;

    public async Task SettleAsync(CancellationToken cancel)
    {
        // As the system: a change of another organization is numbered by whoever comes first.
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        while (await db.Set<ChangedAnnotation>().AnyAsync(c => c.Position == null, cancel))
        {
            int numbered = 0;
            await turn.RunAsync(db, async () => numbered = await NumberAsync(db, cancel), cancel);
            if (numbered == 0)
                return; // The rest is being changed again at this moment, and comes with the next read.
        }
    }

    private static async Task<int> NumberAsync(HubDbContext db, CancellationToken cancel)
    {
        bool postgres = db is PostgresHubDbContext;
        if (postgres)
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Lock})", cancel);
        // The row that is locked is in a transaction that will set it to null again.
        string skip = postgres ? "FOR UPDATE SKIP LOCKED" : "";
        // Numbers only ever grow, also when the rows with the highest ones wait to be numbered anew (or are deleted) and the table's greatest number falls:
        // a reader that had seen it would miss who gets it next. Microseconds of one clock grow faster than rows can be numbered.
        string clock = postgres ? "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT" : WorkQueue.Microseconds(TimeProvider.System.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        string greater = postgres ? "GREATEST" : "MAX";
        string sql = $$"""
            WITH numbered AS MATERIALIZED (
                SELECT stage, subject_id, (SELECT {{greater}}(COALESCE(MAX(position), 0), {{clock}}) FROM annotation_feed) + ROW_NUMBER() OVER (ORDER BY changed_at, subject_id) AS place
                FROM (SELECT stage, subject_id, changed_at FROM annotation_feed WHERE position IS NULL LIMIT {0} {{skip}}) AS waiting)
            UPDATE annotation_feed SET position = numbered.place FROM numbered
            WHERE annotation_feed.stage = numbered.stage AND annotation_feed.subject_id = numbered.subject_id
            """;
        return await db.Database.ExecuteSqlRawAsync(sql, [Batch], cancel);
    }
}
