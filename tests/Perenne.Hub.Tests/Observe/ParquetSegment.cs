using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using DuckDB.NET.Data;
using Perenne.Contracts.Observations;

namespace Perenne.Hub.Tests.Observe;

/// <summary>Writes observations as a station does, but by DuckDB: a second writer, so that the format is not what one library happens to write.</summary>
internal static class ParquetSegment
{
    private static readonly Dictionary<string, PropertyInfo> Properties = typeof(Observation).GetProperties()
        .ToDictionary(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));

    public static IReadOnlyCollection<string> PropertyColumns => Properties.Keys;

    /// <param name="select">What of the table <c>o</c> is written, to make faulty files.</param>
    public static byte[] Write(IEnumerable<Observation> observations, string select = "*")
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".parquet");
        try
        {
            using DuckDBConnection duck = new("DataSource=:memory:");
            duck.Open();
            Execute(duck, $"CREATE TABLE o ({string.Join(", ", ObservationColumns.All.Select(c => $"{c.Name} {SqlType(c.Kind)}"))})");
            foreach (Observation[] rows in observations.Chunk(500))
                Execute(duck, $"INSERT INTO o VALUES {string.Join(", ", rows.Select(o => $"({string.Join(", ", ObservationColumns.All.Select(c => Literal(Properties[c.Name].GetValue(o))))})"))}");
            Execute(duck, $"COPY (SELECT {select} FROM o ORDER BY sequence) TO '{file}' (FORMAT parquet)");
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Execute(DuckDBConnection duck, string sql)
    {
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string SqlType(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => "VARCHAR",
        ColumnKind.Whole => "BIGINT",
        ColumnKind.Number => "DOUBLE",
        ColumnKind.Moment => "TIMESTAMPTZ",
        ColumnKind.TextList => "VARCHAR[]",
        _ => "DOUBLE[]",
    };

    private static string Literal(object? value) => value switch
    {
        null => "NULL",
        string text => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'",
        Guid id => $"'{id}'",
        Enum word => $"'{ObservationColumns.Word(word)}'",
        DateTimeOffset at => $"to_timestamp({(at - DateTimeOffset.UnixEpoch).Ticks / 10}::DOUBLE / 1e6)",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object>().Select(Literal)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(value.GetType().Name),
    };
}
