using DuckDB.NET.Data;
using Perenne.Contracts.Observations;

namespace Perenne.Hub.Observe;

/// <summary>Numbers of a segment that passed.</summary>
internal sealed record SegmentFacts(int Rows, long FirstSequence, long LastSequence, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>Reads a segment and says each fault in a sentence. What passes can be read by every query of the hub.</summary>
internal static class SegmentCheck
{
    public const int MaxRows = 500_000;

    /// <summary>The faults of the table's form; afterwards the view <c>o</c> stands for the segment.</summary>
    public static async Task<List<string>> OpenAsync(DuckDBConnection duck, string path, CancellationToken cancel)
    {
        List<(string Name, string Type)> found;
        try
        {
            found = await Duck.ReadAsync(duck, $"DESCRIBE SELECT * FROM read_parquet({Duck.Quote(path)})", r => (r.GetString(0), r.GetString(1)), cancel);
        }
        catch (DuckDBException error)
        {
            return [$"The body is not a Parquet file that can be read ({FirstLine(error.Message, path)})."];
        }

        Dictionary<string, string> types = found.ToDictionary(c => c.Name, c => c.Type);
        List<string> faults = [];
        foreach (ObservationColumn column in ObservationColumns.All)
        {
            if (!types.TryGetValue(column.Name, out string? type))
            {
                if (column.IsOptional)
                    continue;
                faults.Add($"The column '{column.Name}' is missing; it holds {Words(column.Kind)}.");
            }
            else if (!Fits(column.Kind, type))
                faults.Add($"The column '{column.Name}' is of type {type}; it must hold {Words(column.Kind)}.");
        }

        if (faults.Count == 0)
            await Duck.ExecuteAsync(duck, $"CREATE TEMP VIEW o AS SELECT *, epoch_us(captured_at) AS captured_us FROM read_parquet({Duck.Quote(path)})", cancel);
        return faults;
    }

    /// <summary>The faults of the rows, or the numbers.</summary>
    public static async Task<(List<string> Faults, SegmentFacts? Facts)> RowsAsync(DuckDBConnection duck, CancellationToken cancel)
    {
        long[] n;
        try
        {
            n = (await Duck.ReadAsync(duck, Counts, r => Enumerable.Range(0, r.FieldCount).Select(r.GetInt64).ToArray(), cancel))[0];
        }
        catch (DuckDBException error)
        {
            return ([$"The rows cannot be read ({FirstLine(error.Message, null)})."], null);
        }

        (long rows, long first, long last) = (n[0], n[1], n[2]);
        List<string> faults = [];
        if (rows is 0 or > MaxRows)
            faults.Add($"A segment has 1 to {MaxRows} rows; this one has {rows}.");
        else if (n[3] != rows || last - first + 1 != rows || first < 1)
            faults.Add($"The sequence numbers {first} to {last} of {rows} rows have gaps, repeat, or begin before 1.");
        foreach ((int index, string sentence) in Sentences)
        {
            if (n[index] > 0)
                faults.Add($"{n[index]} of {rows} rows: {sentence}");
        }

        if (rows > 0 && n[4] != rows)
            faults.Add("An id occurs twice.");
        return faults.Count > 0 ? (faults, null) : (faults, new((int)rows, first, last, Duck.Moment(n[5]), Duck.Moment(n[6])));
    }

    private static readonly (int, string)[] Sentences =
    [
        (7, "'id' or 'frame_id' is not a UUID."),
        (8, "'project_id', 'model_version_id' or 'deployment_id' is neither null nor a UUID."),
        (9, "'camera' is empty or longer than 200 characters."),
        (10, "'role' is not one of active, canary, shadow."),
        (11, "'verdict' is not one of ok, notOk, cannotJudge."),
        (12, "'captured_at' or 'judged_at' is missing."),
        (13, "'latency_milliseconds' is missing, negative or not finite."),
        (14, "'classes' and 'scores' differ in length, or 'boxes' has not four numbers per score."),
        (15, "a score lies outside 0 to 1."),
        (16, "'width' or 'height' is not positive."),
    ];

    private const string Counts = """
        SELECT count(*), coalesce(min(sequence), 0)::BIGINT, coalesce(max(sequence), 0)::BIGINT, count(DISTINCT sequence), count(DISTINCT id),
          coalesce(min(captured_us), 0), coalesce(max(captured_us), 0),
          count(*) FILTER (TRY_CAST(id AS UUID) IS NULL OR TRY_CAST(frame_id AS UUID) IS NULL),
          count(*) FILTER ((project_id IS NOT NULL AND TRY_CAST(project_id AS UUID) IS NULL) OR (model_version_id IS NOT NULL AND TRY_CAST(model_version_id AS UUID) IS NULL)
            OR (deployment_id IS NOT NULL AND TRY_CAST(deployment_id AS UUID) IS NULL)),
          count(*) FILTER (coalesce(length(camera), 0) NOT BETWEEN 1 AND 200),
          count(*) FILTER (coalesce(role, '') NOT IN ('active', 'canary', 'shadow')),
          count(*) FILTER (coalesce(verdict, '') NOT IN ('ok', 'notOk', 'cannotJudge')),
          count(*) FILTER (captured_at IS NULL OR judged_at IS NULL),
          count(*) FILTER (latency_milliseconds IS NULL OR NOT isfinite(latency_milliseconds) OR latency_milliseconds < 0),
          count(*) FILTER (coalesce(len(classes), 0) <> coalesce(len(scores), 0) OR (coalesce(len(boxes), 0) > 0 AND len(boxes) <> 4 * coalesce(len(scores), 0))),
          count(*) FILTER (len(list_filter(scores, lambda s: s IS NULL OR isnan(s) OR s < 0 OR s > 1)) > 0),
          count(*) FILTER (coalesce(width, 0) <= 0 OR coalesce(height, 0) <= 0)
        FROM o
        """;

    private static bool Fits(ColumnKind kind, string type) => kind switch
    {
        ColumnKind.Text => type is "VARCHAR" or "UUID",
        ColumnKind.Whole => type is "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT" or "UINTEGER" or "USMALLINT",
        ColumnKind.Number => type is "DOUBLE" or "FLOAT",
        ColumnKind.Moment => type.StartsWith("TIMESTAMP", StringComparison.Ordinal),
        ColumnKind.TextList => type is "VARCHAR[]",
        ColumnKind.NumberList => type is "DOUBLE[]" or "FLOAT[]",
        _ => false,
    };

    private static string Words(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => "text (BYTE_ARRAY, STRING)",
        ColumnKind.Whole => "whole numbers (INT32 or INT64)",
        ColumnKind.Number => "numbers (DOUBLE or FLOAT)",
        ColumnKind.Moment => "times (INT64, TIMESTAMP, UTC)",
        ColumnKind.TextList => "lists of text (LIST of STRING)",
        _ => "lists of numbers (LIST of DOUBLE or FLOAT)",
    };

    // The path of our own staging folder is nobody's business.
    private static string FirstLine(string message, string? path)
    {
        string line = message.Split('\n')[0].Trim();
        return path is null ? line : line.Replace(path, "body", StringComparison.Ordinal);
    }
}
