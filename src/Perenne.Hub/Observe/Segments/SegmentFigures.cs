using DuckDB.NET.Data;
using Perenne.Contracts.Observations;

namespace Perenne.Hub.Observe;

/// <summary>Counts of the open segment (view <c>o</c>) per project, deployment, model, role and hour.</summary>
internal static class SegmentFigures
{
    internal readonly record struct Key(Guid? Project, Guid? Deployment, Guid? Model, string Role, DateTimeOffset Hour);

    internal sealed class Tally
    {
        public int Frames, NotOk, CannotJudge, Errors, Compared, Disagreed;

        public int[] Latency { get; } = new int[LatencyBins.Count];
    }

    private const string KeyColumns = "project_id::VARCHAR, deployment_id::VARCHAR, model_version_id::VARCHAR, role, captured_us // 3600000000";

    public static async Task<Dictionary<Key, Tally>> CountAsync(DuckDBConnection duck, CancellationToken cancel)
    {
        Dictionary<Key, Tally> tallies = [];
        var counted = await Duck.ReadAsync(duck, $"""
            SELECT {KeyColumns}, least({LatencyBins.Count - 1}, greatest(0, floor(8 * log2(greatest(latency_milliseconds, {LatencyBins.Least}) / {LatencyBins.Least}))))::INTEGER AS bin,
              count(*), count(*) FILTER (verdict = 'notOk'), count(*) FILTER (verdict = 'cannotJudge'), count(*) FILTER (reason = '{ObservationColumns.ModelError}')
            FROM o GROUP BY ALL
            """, r => (Key: KeyOf(r), Bin: r.GetInt32(5), Frames: (int)r.GetInt64(6), NotOk: (int)r.GetInt64(7), Cannot: (int)r.GetInt64(8), Errors: (int)r.GetInt64(9)), cancel);
        foreach (var row in counted)
        {
            Tally tally = Of(row.Key);
            tally.Frames += row.Frames;
            tally.NotOk += row.NotOk;
            tally.CannotJudge += row.Cannot;
            tally.Errors += row.Errors;
            tally.Latency[row.Bin] += row.Frames;
        }

        // Both models of a frame that two judged: each is compared with the other. A pair cut apart by the end of a segment is not seen.
        var compared = await Duck.ReadAsync(duck, $"""
            WITH judged AS (SELECT * FROM o WHERE verdict <> 'cannotJudge'),
            pairs AS (
              SELECT w.id AS watcher, d.id AS decider, w.verdict <> d.verdict AS differs FROM judged w JOIN judged d
              ON w.frame_id = d.frame_id AND w.role = 'shadow' AND d.role <> 'shadow' AND w.deployment_id IS DISTINCT FROM d.deployment_id),
            sides AS (SELECT watcher AS id, differs FROM pairs UNION ALL SELECT decider, differs FROM pairs)
            SELECT {KeyColumns}, count(*), count(*) FILTER (differs) FROM sides JOIN o USING (id) GROUP BY ALL
            """, r => (Key: KeyOf(r), Compared: (int)r.GetInt64(5), Disagreed: (int)r.GetInt64(6)), cancel);
        foreach (var row in compared)
        {
            Tally tally = Of(row.Key);
            (tally.Compared, tally.Disagreed) = (tally.Compared + row.Compared, tally.Disagreed + row.Disagreed);
        }

        return tallies;

        Tally Of(Key key) => tallies.TryGetValue(key, out Tally? tally) ? tally : tallies[key] = new();
    }

    private static Key KeyOf(System.Data.Common.DbDataReader r) => new(r.Id(0), r.Id(1), r.Id(2), r.GetString(3), Duck.Moment(r.GetInt64(4) * 3_600_000_000));
}
