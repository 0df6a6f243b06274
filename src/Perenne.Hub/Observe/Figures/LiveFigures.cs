using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <param name="Frames">Decided by the active model or the canary; a shadow's judgement is not counted.</param>
internal sealed record PlantFigures(
    Guid OrganizationId, long Frames, long NotOk, long CannotJudge, double? LatencyP50, double? LatencyP99, long FalseAlarms, long MissedDefects, DateTimeOffset? LastSegmentAt)
{
    public double? DefectRate => Frames == CannotJudge ? null : NotOk / (double)(Frames - CannotJudge);
}

internal sealed record HourFigures(Guid OrganizationId, DateTimeOffset Hour, long Frames, long NotOk, long CannotJudge, double? LatencyP50, double? LatencyP99);

internal sealed record ProjectFigures(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PlantFigures> Plants, IReadOnlyList<HourFigures> Hours);

/// <summary>Counts of a project per organization, from the figures of the segments: no file is opened.</summary>
internal sealed class LiveFigures(HubDbContext db, TimeProvider time)
{
    public const int MaxHours = 24 * 31;

    public async Task<Result<ProjectFigures>> HandleAsync(Guid project, int hours, CancellationToken cancel)
    {
        if (hours is < 1 or > MaxHours)
            return HubError.Invalid("hours", $"Figures are given for the last 1 to {MaxHours} hours.");
        DateTimeOffset now = time.GetUtcNow(), from = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerHour) - ((hours - 1) * TimeSpan.TicksPerHour), TimeSpan.Zero);
        var figures = await db.Set<SegmentFigure>().AsNoTracking().Where(f => f.ProjectId == project && f.Hour >= from && f.Role != "shadow")
            .Select(f => new { f.OrganizationId, f.Hour, f.Frames, f.NotOk, f.CannotJudge, f.Latency }).ToListAsync(cancel);
        var objections = await db.Set<Objection>().Where(o => o.ProjectId == project && o.At >= from).GroupBy(o => new { o.OrganizationId, o.Kind })
            .Select(g => new { g.Key.OrganizationId, g.Key.Kind, Count = g.Count() }).ToListAsync(cancel);
        var last = await db.Set<Segment>().Where(s => s.ReceivedAt >= from).GroupBy(s => s.OrganizationId).Select(g => new { g.Key, At = g.Max(s => s.ReceivedAt) }).ToDictionaryAsync(g => g.Key, g => g.At, cancel);
        List<PlantFigures> plants = [.. figures.Select(f => f.OrganizationId).Union(objections.Select(o => o.OrganizationId)).Select(organization =>
        {
            var own = figures.Where(f => f.OrganizationId == organization).ToList();
            LatencyBins latency = LatencyBins.Sum(own.Select(f => f.Latency));
            return new PlantFigures(organization, own.Sum(f => (long)f.Frames), own.Sum(f => (long)f.NotOk), own.Sum(f => (long)f.CannotJudge), latency.Quantile(.5), latency.Quantile(.99),
                objections.Where(o => o.OrganizationId == organization && o.Kind == Contracts.Stations.FeedbackKind.FalseAlarm).Sum(o => o.Count),
                objections.Where(o => o.OrganizationId == organization && o.Kind == Contracts.Stations.FeedbackKind.MissedDefect).Sum(o => o.Count),
                last.TryGetValue(organization, out DateTimeOffset at) ? at : null);
        })];
        List<HourFigures> byHour = [.. figures.GroupBy(f => (f.OrganizationId, f.Hour)).OrderBy(g => g.Key.Hour)
            .Select(g =>
            {
                LatencyBins latency = LatencyBins.Sum(g.Select(f => f.Latency));
                return new HourFigures(g.Key.OrganizationId, g.Key.Hour, g.Sum(f => (long)f.Frames), g.Sum(f => (long)f.NotOk), g.Sum(f => (long)f.CannotJudge), latency.Quantile(.5), latency.Quantile(.99));
            })];
        return new ProjectFigures(from, now, plants, byHour);
    }

    /// <summary>Hours of one station, all projects together: its page shows whether it works, not what it finds.</summary>
    public async Task<IReadOnlyList<HourFigures>> OfStationAsync(Guid organization, Guid station, int hours, CancellationToken cancel)
    {
        DateTimeOffset from = time.GetUtcNow().AddHours(-hours);
        var figures = await db.Set<SegmentFigure>().AsNoTracking().Where(f => f.OrganizationId == organization && f.StationId == station && f.Hour >= from && f.Role != "shadow")
            .Select(f => new { f.Hour, f.Frames, f.NotOk, f.CannotJudge, f.Latency }).ToListAsync(cancel);
        return [.. figures.GroupBy(f => f.Hour).OrderBy(g => g.Key).Select(g =>
        {
            LatencyBins latency = LatencyBins.Sum(g.Select(f => f.Latency));
            return new HourFigures(organization, g.Key, g.Sum(f => (long)f.Frames), g.Sum(f => (long)f.NotOk), g.Sum(f => (long)f.CannotJudge), latency.Quantile(.5), latency.Quantile(.99));
        })];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/observations/figures", async (LiveFigures handler, HttpContext http, int? hours, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), hours ?? 24, cancel)).ToOk())
        .Requires(HubAction.ObservationsRead).Produces<ProjectFigures>().WithTags("Observations").WithName("GetObservationFigures")
        .WithSummary("Frames, defect rate, latency and objections per organization over the last hours.");
}
