using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

internal sealed record ObservationFilter(
    Guid? OrganizationId = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Verdict = null, string? Camera = null, string? Part = null, string? Role = null, bool DecidedOnly = false, bool SampledOnly = false);

/// <param name="Image">The frame, where it was sampled and has arrived.</param>
internal sealed record ObservationRow(
    Guid Id, Guid OrganizationId, Guid? StationId, string Camera, string? Part, DateTimeOffset CapturedAt, string Role, string Verdict, string? Reason, Guid? ModelVersionId, Guid? DeploymentId,
    IReadOnlyList<string> Classes, IReadOnlyList<double> Scores, double LatencyMilliseconds, string? SampleReason, Guid? Image);

internal sealed record CameraFigures(Guid OrganizationId, string Camera, long Frames, long NotOk, long CannotJudge, double LatencyP50, double LatencyP99);

internal sealed record ClassFigures(string Class, long Parts);

/// <summary>Questions that need single observations, answered by DuckDB over the Parquet files of the caller's organizations.</summary>
internal sealed class ObservationQuery(HubDbContext db, Lake lake, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(92);

    public async Task<Result<IReadOnlyList<ObservationRow>>> ListAsync(Guid project, ObservationFilter filter, int take, CancellationToken cancel)
    {
        if (take is < 1 or > 1000)
            return HubError.Invalid("take", "Between 1 and 1,000 observations are given.");
        Result<DuckDBConnection?> opened = await OpenAsync(project, filter, cancel);
        if (!opened.Succeeded)
            return opened.Error;
        await using DuckDBConnection? duck = opened.Value;
        if (duck is null)
            return Array.Empty<ObservationRow>();
        List<(ObservationRow Row, string? Sha256)> found = await Duck.ReadAsync(duck, $"""
            SELECT id::VARCHAR, organization_id, station_id::VARCHAR, camera, part, epoch_us(captured_at), role, verdict, reason, model_version_id::VARCHAR, deployment_id::VARCHAR,
              array_to_string(classes, chr(31)), array_to_string(list_transform(scores, lambda s: round(s, 4)), chr(31)), latency_milliseconds::DOUBLE, sample_reason, image_sha256
            FROM chosen ORDER BY captured_at DESC, sequence DESC LIMIT {take}
            """, r => (new ObservationRow(
                r.Id(0)!.Value, Guid.Parse(r.GetString(1)), r.Id(2), r.GetString(3), r.Text(4), Duck.Moment(r.GetInt64(5)), r.GetString(6), r.GetString(7), r.Text(8), r.Id(9), r.Id(10),
                Cut(r.Text(11)), [.. Cut(r.Text(12)).Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))], r.GetDouble(13), r.Text(14), null), r.Text(15)), cancel);
        List<string> hashes = [.. found.Select(f => f.Sha256).OfType<string>().Distinct()];
        var images = (await db.Set<Image>().Where(i => i.ProjectId == project && hashes.Contains(i.ContentHash)).Select(i => new { i.OrganizationId, i.ContentHash, i.Id }).ToListAsync(cancel))
            .ToDictionary(i => (i.OrganizationId, i.ContentHash), i => i.Id);
        return (List<ObservationRow>)[.. found.Select(f => f.Sha256 is { } hash && images.TryGetValue((f.Row.OrganizationId, hash), out Guid image) ? f.Row with { Image = image } : f.Row)];
    }

    public async Task<Result<IReadOnlyList<CameraFigures>>> CamerasAsync(Guid project, ObservationFilter filter, CancellationToken cancel)
    {
        Result<DuckDBConnection?> opened = await OpenAsync(project, filter, cancel);
        if (!opened.Succeeded)
            return opened.Error;
        await using DuckDBConnection? duck = opened.Value;
        return duck is null ? Array.Empty<CameraFigures>() : await Duck.ReadAsync(duck, """
            SELECT organization_id, camera, count(*), count(*) FILTER (verdict = 'notOk'), count(*) FILTER (verdict = 'cannotJudge'),
              quantile_cont(latency_milliseconds, 0.5)::DOUBLE, quantile_cont(latency_milliseconds, 0.99)::DOUBLE
            FROM chosen WHERE role <> 'shadow' GROUP BY ALL ORDER BY organization_id, camera
            """, r => new CameraFigures(Guid.Parse(r.GetString(0)), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetDouble(5), r.GetDouble(6)), cancel);
    }

    /// <summary>The strongest class of each rejected part.</summary>
    public async Task<Result<IReadOnlyList<ClassFigures>>> ClassesAsync(Guid project, ObservationFilter filter, CancellationToken cancel)
    {
        Result<DuckDBConnection?> opened = await OpenAsync(project, filter, cancel);
        if (!opened.Succeeded)
            return opened.Error;
        await using DuckDBConnection? duck = opened.Value;
        return duck is null ? Array.Empty<ClassFigures>() : await Duck.ReadAsync(duck,
            "SELECT classes[1], count(*) FROM chosen WHERE role <> 'shadow' AND verdict = 'notOk' AND len(classes) > 0 GROUP BY ALL ORDER BY 2 DESC LIMIT 20",
            r => new ClassFigures(r.GetString(0), r.GetInt64(1)), cancel);
    }

    /// <summary>A connection whose view <c>chosen</c> holds what the filter lets through; null when there is nothing at all.</summary>
    internal async Task<Result<DuckDBConnection?>> OpenAsync(Guid project, ObservationFilter filter, CancellationToken cancel)
    {
        DateTimeOffset to = filter.To ?? time.GetUtcNow().AddDays(1), from = filter.From ?? to.AddDays(-8);
        if (from > to || to - from > Longest)
            return HubError.Invalid("from", $"Ask for at most {Longest.TotalDays:0} days at once, 'from' before 'to'.");
        if (filter.Verdict is not (null or "ok" or "notOk" or "cannotJudge"))
            return HubError.Invalid("verdict", "A verdict is ok, notOk or cannotJudge.");
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, filter.OrganizationId is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        if (Lake.Sql(await lake.FilesAsync(visible.Value, from, to, cancel)) is not { } sql)
            return (DuckDBConnection?)null;
        DuckDBConnection duck = await Duck.OpenAsync(cancel);
        try
        {
            await Duck.ExecuteAsync(duck, sql, cancel);
            await Duck.ExecuteAsync(duck, $"""
                CREATE TEMP VIEW chosen AS SELECT * FROM observations WHERE lower(project_id::VARCHAR) = {Duck.Quote(project.ToString())}
                  AND epoch_us(captured_at) BETWEEN {Microseconds(from)} AND {Microseconds(to)}{Equal("verdict", filter.Verdict)}{Equal("camera", filter.Camera)}{Equal("part", filter.Part)}{Equal("role", filter.Role)}
                  {(filter.DecidedOnly ? "AND role <> 'shadow'" : "")} {(filter.SampledOnly ? "AND sample_reason IS NOT NULL" : "")}
                """, cancel);
            return duck;
        }
        catch
        {
            await duck.DisposeAsync();
            throw;
        }
    }

    private static string Equal(string column, string? value) => value is { Length: > 0 } ? $" AND {column} = {Duck.Quote(value)}" : "";

    private static long Microseconds(DateTimeOffset at) => Shared.Work.WorkQueue.Microseconds(at);

    private static string[] Cut(string? joined) => joined is { Length: > 0 } ? joined.Split('\u001f') : [];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects/{project}/observations", async (
                ObservationQuery handler, HttpContext http, Guid? organizationId, DateTimeOffset? from, DateTimeOffset? to, string? verdict, string? camera, string? part, string? role, int? take, CancellationToken cancel) =>
                (await handler.ListAsync(http.ProjectId(), new(organizationId, from, to, verdict, camera, part, role), take ?? 100, cancel)).ToOk())
            .Requires(HubAction.ObservationsRead).Produces<IReadOnlyList<ObservationRow>>().WithTags("Observations").WithName("ListObservations")
            .WithSummary("Single judgements, newest first: by time, verdict, camera or part; without times, those of the last week.");
        routes.MapGet("/api/v1/projects/{project}/observations/cameras", async (ObservationQuery handler, HttpContext http, Guid? organizationId, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancel) =>
                (await handler.CamerasAsync(http.ProjectId(), new(organizationId, from, to), cancel)).ToOk())
            .Requires(HubAction.ObservationsRead).Produces<IReadOnlyList<CameraFigures>>().WithTags("Observations").WithName("GetCameraFigures")
            .WithSummary("Frames, rejects and exact latency percentiles per camera.");
    }
}
