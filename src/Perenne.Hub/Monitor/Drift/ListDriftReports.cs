using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Automate;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Deploy;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>A camera as it stands.</summary>
/// <param name="Filled">Share of the reference that is there, 0 to 1; monitoring begins at 1.</param>
/// <param name="Newest">Its newest report.</param>
internal sealed record CameraState(Guid OrganizationId, string Organization, string Camera, double Filled, DriftReportRow? Newest);

internal sealed record DriftReportRow(
    Guid Id, Guid OrganizationId, string Camera, DateTimeOffset CurrentFrom, DateTimeOffset CurrentTo, int ReferenceCount, int CurrentCount, double Level, DriftCause? Cause, bool IsAlarm,
    DateTimeOffset? Since, double? ExpectedPrecision, double? ExpectedBefore, IReadOnlyList<SignalChange> Signals, IReadOnlyList<LabelShare> Labels);

/// <param name="Reference">Images of the reference that were sampled; of the same camera, evenly over the window.</param>
/// <param name="Earlier">The camera's reports up to this one, oldest first, this one last.</param>
internal sealed record DriftReportDetail(
    DriftReportRow Report, string Organization, DateTimeOffset ReferenceFrom, DateTimeOffset ReferenceTo, IReadOnlyList<Guid> Reference, IReadOnlyList<Guid> Current,
    IReadOnlyList<DriftReportRow> Earlier, IReadOnlyList<DateTimeOffset> ModelChanges, IReadOnlyList<DeploymentMark> Deployments, IReadOnlyList<LineChangeRow> LineChanges, MonitorPolicy Policy);

internal sealed record DeploymentMark(DateTimeOffset At, int Model, DeploymentStage Stage);

internal sealed class ListDriftReports(HubDbContext db, RecordLineChange changes)
{
    private const int Shown = 90;

    public async Task<Result<IReadOnlyList<CameraState>>> CamerasAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, organization is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        var references = await db.Set<DriftReference>().AsNoTracking().Where(r => r.ProjectId == project && visible.Value.Contains(r.OrganizationId))
            .Join(db.Set<Organization>(), r => r.OrganizationId, o => o.Id, (r, o) => new { Reference = r, o.Name }).ToListAsync(cancel);
        List<CameraState> states = [];
        foreach (var camera in references.GroupBy(r => (r.Name, r.Reference.OrganizationId, r.Reference.Camera)).OrderBy(g => g.Key))
        {
            DriftReference newest = camera.MaxBy(r => r.Reference.From)!.Reference;
            DriftReport? report = await db.Set<DriftReport>().AsNoTracking().Where(r => r.ReferenceId == newest.Id).OrderByDescending(r => r.CurrentTo).FirstOrDefaultAsync(cancel);
            states.Add(new(newest.OrganizationId, camera.Key.Name, newest.Camera, newest.To is null ? newest.Seen / (double)newest.Wanted : 1, report is null ? null : Row(report)));
        }

        return states;
    }

    public async Task<Result<DriftReportDetail>> GetAsync(Guid project, Guid id, CancellationToken cancel)
    {
        DriftReport? report = await db.Set<DriftReport>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.ProjectId == project, cancel);
        if (report is null)
            return HubError.NotFound("This drift report");
        DriftReference reference = await db.Set<DriftReference>().AsNoTracking().SingleAsync(r => r.Id == report.ReferenceId, cancel);
        string organization = await db.Set<Organization>().Where(o => o.Id == report.OrganizationId).Select(o => o.Name).SingleAsync(cancel);
        List<DriftReport> earlier = await db.Set<DriftReport>().AsNoTracking()
            .Where(r => r.ProjectId == project && r.OrganizationId == report.OrganizationId && r.Camera == report.Camera && r.CurrentTo <= report.CurrentTo).OrderByDescending(r => r.CurrentTo).Take(Shown).ToListAsync(cancel);
        earlier.Reverse();
        List<DateTimeOffset> models = await db.Set<DriftReference>().Where(r => r.ProjectId == project && r.OrganizationId == report.OrganizationId && r.Camera == report.Camera).Select(r => r.From).ToListAsync(cancel);
        Result<IReadOnlyList<LineChangeRow>> line = await changes.ListAsync(project, report.OrganizationId, cancel);
        return new DriftReportDetail(Row(report), organization, reference.From, reference.To ?? reference.From, await ImagesAsync(report, report.Examples.Reference, cancel), await ImagesAsync(report, report.Examples.Current, cancel),
            earlier.ConvertAll(Row), models, await DeploymentsAsync(report, cancel), line.Succeeded ? [.. line.Value.Where(c => c.Camera is null || c.Camera == report.Camera)] : [],
            (await DriftRules.OfAsync(db, project, cancel)).Policy);
    }

    private Task<List<DeploymentMark>> DeploymentsAsync(DriftReport report, CancellationToken cancel) => db.Set<Deployment>().Where(d => d.ProjectId == report.ProjectId && d.OrganizationId == report.OrganizationId)
        .OrderBy(d => d.Number).Select(d => new DeploymentMark(d.At, d.ModelNumber, d.Stage)).ToListAsync(cancel);

    private async Task<List<Guid>> ImagesAsync(DriftReport report, IReadOnlyList<string> hashes, CancellationToken cancel)
    {
        var found = await db.Set<Image>().Where(i => i.ProjectId == report.ProjectId && i.OrganizationId == report.OrganizationId && hashes.Contains(i.ContentHash)).Select(i => new { i.ContentHash, i.Id }).ToListAsync(cancel);
        return [.. hashes.Select(h => found.Find(f => f.ContentHash == h)?.Id).OfType<Guid>().Distinct()];
    }

    private static DriftReportRow Row(DriftReport r) => new(
        r.Id, r.OrganizationId, r.Camera, r.CurrentFrom, r.CurrentTo, r.ReferenceCount, r.CurrentCount, r.Level, r.Cause, r.IsAlarm, r.Since, r.ExpectedPrecision, r.ExpectedBefore, r.Signals, r.Labels);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects/{project}/drift/cameras", async (ListDriftReports handler, HttpContext http, Guid? organizationId, CancellationToken cancel) =>
                (await handler.CamerasAsync(http.ProjectId(), organizationId, cancel)).ToOk())
            .Requires(HubAction.MonitoringRead).Produces<IReadOnlyList<CameraState>>().WithTags("Monitoring").WithName("ListMonitoredCameras").WithSummary("Every camera with its newest drift report.");
        routes.MapGet("/api/v1/projects/{project}/drift/reports/{report:guid}", async (Guid report, ListDriftReports handler, HttpContext http, CancellationToken cancel) =>
                (await handler.GetAsync(http.ProjectId(), report, cancel)).ToOk())
            .Requires(HubAction.MonitoringRead).Produces<DriftReportDetail>().WithTags("Monitoring").WithName("GetDriftReport").WithSummary("One drift report: what changed, since when, how sure, with examples and the camera's history.");
    }
}
