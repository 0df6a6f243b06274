using System.Data.Common;
using DuckDB.NET.Data;

namespace Perenne.Hub.Observe;

/// <summary>A DuckDB in memory for one question: reads files, writes nothing of its own, takes at most two cores and half a gigabyte.</summary>
internal static class Duck
{
    private const string Limits = """
        SET threads = 2; SET memory_limit = '512MB'; SET temp_directory = '';
        SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET lock_configuration = true;
        """;

    public static async Task<DuckDBConnection> OpenAsync(CancellationToken cancel)
    {
        DuckDBConnection connection = new("DataSource=:memory:");
        await connection.OpenAsync(cancel);
        await ExecuteAsync(connection, Limits, cancel);
        return connection;
    }

    public static async Task ExecuteAsync(DuckDBConnection connection, string sql, CancellationToken cancel)
    {
        await using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <param name="values">For <c>$1</c>, <c>$2</c>, …</param>
    public static async Task<List<T>> ReadAsync<T>(DuckDBConnection connection, string sql, Func<DbDataReader, T> row, CancellationToken cancel, params object[] values)
    {
        await using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (object value in values)
            command.Parameters.Add(new DuckDBParameter(value));
        List<T> rows = [];
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add(row(reader));
        return rows;
    }

    public static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    public static string List(IEnumerable<string> texts) => "[" + string.Join(", ", texts.Select(Quote)) + "]";

    public static DateTimeOffset Moment(long microseconds) => new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static Guid? Id(this DbDataReader reader, int column) => Guid.TryParse(reader.Text(column), out Guid id) ? id : null;
}
