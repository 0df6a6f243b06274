using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

internal sealed record PerformanceRow(
    Guid OrganizationId, string Organization, Guid ModelVersionId, int? Model, DateTimeOffset At, RateWatch FalseAlarms, RateWatch MissedDefects, RateWatch Audits, AuditTable Table);

/// <summary>How the deciding versions do, as far as people said: the newest look of each organization, or all looks of one.</summary>
internal sealed class ReadPerformance(HubDbContext db)
{
    private const int Most = 500;

    public async Task<Result<IReadOnlyList<PerformanceRow>>> HandleAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, organization is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        List<PerformanceLook> looks = await db.Set<PerformanceLook>().AsNoTracking().Where(l => l.ProjectId == project && visible.Value.Contains(l.OrganizationId)).OrderByDescending(l => l.At).Take(Most).ToListAsync(cancel);
        if (organization is null)
            looks = [.. looks.GroupBy(l => l.OrganizationId).Select(g => g.First())];
        Dictionary<Guid, string> names = await db.Set<Organization>().Where(o => visible.Value.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Name, cancel);
        Guid[] versions = [.. looks.Select(l => l.ModelVersionId).Distinct()];
        Dictionary<Guid, int> numbers = await db.Set<ModelVersion>().Where(m => versions.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.Number, cancel);
        return looks.ConvertAll(l => new PerformanceRow(
            l.OrganizationId, names[l.OrganizationId], l.ModelVersionId, numbers.TryGetValue(l.ModelVersionId, out int number) ? number : null, l.At, l.FalseAlarms, l.MissedDefects, l.Audits, l.Table))
            .OrderBy(r => r.Organization, StringComparer.CurrentCulture).ThenByDescending(r => r.At).ToList();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/performance", async (ReadPerformance handler, HttpContext http, Guid? organizationId, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), organizationId, cancel)).ToOk())
        .Requires(HubAction.MonitoringRead).Produces<IReadOnlyList<PerformanceRow>>().WithTags("Monitoring").WithName("GetLivePerformance")
        .WithSummary("What operators and audited samples say of the deciding version, per organization; with 'organizationId' the history of one.");
}
