using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Perenne.Hub.Shared.Data;

/// <summary>Asks a SQLite file which migrations it has without Entity Framework, whose model takes longer to build than all the rest of a start.</summary>
internal static class SqliteSchema
{
    /// <summary>Whether every migration of this build is in the file. A file that is missing, or cannot be read so, is not current: migrating then says why.</summary>
    public static async Task<bool> IsCurrentAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file))
            return false;
        try
        {
            await using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancel);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT migration_id FROM \"__EFMigrationsHistory\"";
            await using SqliteDataReader rows = await command.ExecuteReaderAsync(cancel);
            HashSet<string> applied = [];
            while (await rows.ReadAsync(cancel))
                applied.Add(rows.GetString(0));
            return applied.IsSupersetOf(OfThisBuild());
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    internal static IEnumerable<string> OfThisBuild() => typeof(SqliteHubDbContext).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Migration)) && type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(SqliteHubDbContext))
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id);
}
