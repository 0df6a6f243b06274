using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

internal sealed record AlertRow(
    Guid Id, Guid OrganizationId, string Organization, string Kind, string? Camera, string Cause, AlertState State, Guid? OwnerId, string? Owner, DateTimeOffset? MutedUntil,
    DateTimeOffset Since, DateTimeOffset OpenedAt, DateTimeOffset LastSeenAt, DateTimeOffset? ResolvedAt, string? ResolvedBecause, Guid? ReportId);

/// <summary>The alerts of a project in the organizations the caller may see: those that stand first, newest first.</summary>
internal sealed class ListAlerts(HubDbContext db, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<AlertRow>>> HandleAsync(Guid project, Guid? organization, bool resolvedToo, CancellationToken cancel)
    {
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, organization is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        DateTimeOffset now = time.GetUtcNow();
        List<AlertRow> rows = await db.Set<Alert>().Where(a => a.ProjectId == project && visible.Value.Contains(a.OrganizationId) && (resolvedToo || a.OpenKey != null))
            .OrderByDescending(a => a.OpenKey != null).ThenByDescending(a => a.OpenedAt).Take(200)
            .Join(db.Set<Organization>(), a => a.OrganizationId, o => o.Id, (a, o) => new AlertRow(
                a.Id, a.OrganizationId, o.Name, a.Kind, a.Camera, a.Cause, a.State, a.OwnerId, a.OwnerName, a.MutedUntil, a.Since, a.OpenedAt, a.LastSeenAt, a.ResolvedAt, a.ResolvedBecause, a.ReportId))
            .ToListAsync(cancel);
        // Silence ends by itself; nobody has to come back for it.
        return rows.ConvertAll(r => r.State == AlertState.Muted && r.MutedUntil <= now ? r with { State = AlertState.Open, MutedUntil = null } : r)
            .OrderBy(r => r.State == AlertState.Resolved).ThenByDescending(r => r.OpenedAt).ToList();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/alerts", async (ListAlerts handler, HttpContext http, Guid? organizationId, bool? resolved, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), organizationId, resolved ?? false, cancel)).ToOk())
        .Requires(HubAction.MonitoringRead).Produces<IReadOnlyList<AlertRow>>().WithTags("Monitoring").WithName("ListAlerts")
        .WithSummary("Alerts that stand; with 'resolved=true' also those that are over.");
}
