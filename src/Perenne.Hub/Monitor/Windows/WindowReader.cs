using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Perenne.Contracts.Observations;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Work;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>Reads windows from the Parquet files of an organization. What only watched (shadow) is left out: it says nothing about production.</summary>
internal sealed class WindowReader(Lake lake)
{
    /// <summary>Detections below are logged for other questions; here they would drown the others.</summary>
    private const double CountedScore = 0.25;

    private const char Separator = '\u001f';

    // A canary decides a share of the frames for a while: what it says is watched by its own bounds, and would look like a model that changes to and fro.
    private const string Steady = "role = 'active'";

    /// <summary>A picture that was not fit to be judged: no model was asked, although one is deployed.</summary>
    private const string Unfit = $"model_version_id IS NULL AND reason <> '{ObservationColumns.NoModel}'";

    /// <summary>Cameras with pictures since then, with the active model that decided last.</summary>
    public async Task<List<SeenCamera>> CamerasAsync(Guid organization, Guid project, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using DuckDBConnection? duck = await OpenAsync(organization, project, from, to, cancel);
        return duck is null ? [] : await Duck.ReadAsync(duck, $"""
            WITH seen AS (
              SELECT camera, arg_max(coalesce(model_version_id::VARCHAR, ''), captured_at) FILTER ({Steady} AND NOT coalesce({Unfit}, false)) AS model, max(epoch_us(captured_at)) AS last,
                arg_max(concat_ws('/', perceptual_hash, sharpness, noise, entropy), captured_at, {SeenCamera.Same}) FILTER (perceptual_hash IS NOT NULL) AS pictures,
                arg_max(epoch_us(captured_at), captured_at, {SeenCamera.Same}) FILTER (perceptual_hash IS NOT NULL) AS moments
              FROM chosen GROUP BY camera)
            SELECT camera, model, last, CASE WHEN len(pictures) = {SeenCamera.Same} AND list_unique(pictures) = 1 THEN list_min(moments) END FROM seen ORDER BY camera
            """, r => new SeenCamera(r.GetString(0), r.Id(1), Duck.Moment(r.GetInt64(2)), r.IsDBNull(3) ? null : Duck.Moment(r.GetInt64(3))), cancel);
    }

    /// <summary>When the model first decided at the camera; null where it never did.</summary>
    public async Task<DateTimeOffset?> FirstAsync(Guid organization, Guid project, SeenCamera camera, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using DuckDBConnection? duck = await OpenAsync(organization, project, from, to, cancel);
        if (duck is null)
            return null;
        List<long?> first = await Duck.ReadAsync(duck, $"SELECT min(epoch_us(captured_at)) FROM chosen WHERE camera = {Duck.Quote(camera.Camera)} AND {Steady} AND {OfModel(camera.ModelVersionId)}",
            r => r.IsDBNull(0) ? (long?)null : r.GetInt64(0), cancel);
        return first is [{ } at] ? Duck.Moment(at) : null;
    }

    /// <summary>
    /// The first observations of a reference's camera and model after a moment (that moment included on request), oldest first. Pictures that were not
    /// fit to be judged are among them: a lamp so worn that most are refused is a change like any other.
    /// </summary>
    public async Task<List<SeenObservation>> ReadAsync(DriftReference of, DateTimeOffset after, bool inclusive, DateTimeOffset to, int count, CancellationToken cancel)
    {
        await using DuckDBConnection? duck = await OpenAsync(of.OrganizationId, of.ProjectId, after, to, cancel);
        return duck is null ? [] : await Duck.ReadAsync(duck, $"""
            SELECT epoch_us(captured_at), model_version_id::VARCHAR, image_sha256, perceptual_hash, width::BIGINT, height::BIGINT, sharpness::DOUBLE, noise::DOUBLE, entropy::DOUBLE,
              {Joined("brightness")}, {Joined("features")}, {Joined("classes")}, {Joined("scores")}, reason, view_shift::DOUBLE, view_visible::DOUBLE
            FROM chosen WHERE camera = {Duck.Quote(of.Camera)} AND {Steady} AND ({OfModel(of.ModelVersionId)} OR ({Unfit})) AND epoch_us(captured_at) {(inclusive ? ">=" : ">")} {WorkQueue.Microseconds(after)}
            ORDER BY captured_at, sequence LIMIT {count}
            """, Row, cancel);
    }

    private static string Joined(string list) => $"array_to_string({list}, chr(31))";

    internal static string OfModel(Guid? model) => model is { } id ? $"lower(model_version_id::VARCHAR) = {Duck.Quote(id.ToString())}" : "model_version_id IS NULL";

    private static SeenObservation Row(DbDataReader r)
    {
        double[] brightness = Numbers(r.Text(9)), scores = Numbers(r.Text(12));
        string[] classes = Cut(r.Text(11));
        int counted = scores.Count(s => s >= CountedScore); // Strongest first.
        Dictionary<string, double> scalars = [];
        void Add(string name, double? value)
        {
            if (value is { } v && double.IsFinite(v))
                scalars[name] = v;
        }
        Add("sharpness", r.IsDBNull(6) ? null : r.GetDouble(6));
        Add("noise", r.IsDBNull(7) ? null : r.GetDouble(7));
        Add("entropy", r.IsDBNull(8) ? null : r.GetDouble(8));
        Add("view-shift", r.IsDBNull(14) ? null : r.GetDouble(14));
        Add("view-visible", r.IsDBNull(15) ? null : r.GetDouble(15));
        if (brightness.Length == 3)
            foreach ((string name, int i) in (ReadOnlySpan<(string, int)>)[("brightness-p1", 0), ("brightness-p50", 1), ("brightness-p99", 2)])
                Add(name, brightness[i]);
        return new SeenObservation(Duck.Moment(r.GetInt64(0)), r.Id(1), r.Text(2), new ObservedSignals
        {
            PerceptualHash = r.IsDBNull(3) ? null : unchecked((ulong)r.GetInt64(3)),
            Facts = new Dictionary<string, string> { [DriftCauses.Quality] = r.Text(13) ?? DriftCauses.Fit, ["size"] = string.Create(CultureInfo.InvariantCulture, $"{r.GetInt64(4)} × {r.GetInt64(5)}") },
            Scalars = scalars, Features = Array.ConvertAll(Numbers(r.Text(10)), n => (float)n), Classes = classes[..Math.Min(counted, classes.Length)], Scores = scores[..counted],
        });
    }

    private static string[] Cut(string? joined) => joined is { Length: > 0 } ? joined.Split(Separator) : [];

    private static double[] Numbers(string? joined) => Array.ConvertAll(Cut(joined), n => double.Parse(n, CultureInfo.InvariantCulture));

    internal async Task<DuckDBConnection?> OpenAsync(Guid organization, Guid project, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        if (Lake.Sql(await lake.FilesAsync([organization], from, to, cancel)) is not { } sql)
            return null;
        DuckDBConnection duck = await Duck.OpenAsync(cancel);
        try
        {
            await Duck.ExecuteAsync(duck, sql, cancel);
            await Duck.ExecuteAsync(duck, $"""
                CREATE TEMP VIEW chosen AS SELECT * FROM (SELECT * FROM observations UNION ALL BY NAME SELECT NULL::DOUBLE AS view_shift, NULL::DOUBLE AS view_visible WHERE false) WHERE lower(project_id::VARCHAR) = {Duck.Quote(project.ToString())} AND role <> 'shadow'
                  AND epoch_us(captured_at) BETWEEN {WorkQueue.Microseconds(from)} AND {WorkQueue.Microseconds(to)}
                """, cancel);
            return duck;
        }
        catch
        {
            await duck.DisposeAsync();
            throw;
        }
    }
}
