using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Bench.Collect;

/// <summary>
/// Fills a table of SQLite with rows by the million: the table's indexes are made at the end from sorted rows, instead of kept up row by row far beyond the size of
/// the cache (18 minutes without an end), and what waits meanwhile lies on the disk, so that it does not count as memory of what is measured afterwards.
/// </summary>
internal static class BulkFill
{
    public static async Task<int> IntoAsync(HubDbContext db, string table, string insert)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        if (db is not SqliteHubDbContext)
            return await db.Database.ExecuteSqlRawAsync(insert);
        await db.Database.OpenConnectionAsync();
        try
        {
            await RunAsync(db, "PRAGMA temp_store=FILE; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-65536;");
            List<(string Name, string Sql)> indexes = await IndexesAsync(db, table);
            foreach ((string name, _) in indexes)
                await RunAsync(db, $"DROP INDEX \"{name}\"");
            int rows = await RunAsync(db, insert);
            foreach ((_, string sql) in indexes)
                await RunAsync(db, sql);
            await RunAsync(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA temp_store=MEMORY; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;");
            return rows;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
            SqliteConnection.ClearAllPools(); // With their caches.
        }
    }

    private static async Task<List<(string, string)>> IndexesAsync(HubDbContext db, string table)
    {
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '{table}'";
        await using DbDataReader reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult);
        List<(string, string)> found = [];
        while (await reader.ReadAsync())
            found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }

    private static async Task<int> RunAsync(HubDbContext db, string sql)
    {
        await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
        (command.CommandText, command.CommandTimeout) = (sql, 3600);
        return await command.ExecuteNonQueryAsync();
    }
}
