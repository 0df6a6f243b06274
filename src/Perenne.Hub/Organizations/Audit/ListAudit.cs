using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Before">The <see cref="AuditPage.Next"/> of the page before this one; null for the newest entries.</param>
internal sealed record ListAuditRequest(Guid OrganizationId, Guid? Before = null, int Take = 50, string? Action = null);

internal sealed record AuditRow(Guid Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail, string Origin);

/// <param name="Next">Ask with before=… for older entries; null on the last page.</param>
internal sealed record AuditPage(IReadOnlyList<AuditRow> Rows, Guid? Next);

internal sealed class ListAudit(HubDbContext db)
{
    public async Task<Result<AuditPage>> HandleAsync(ListAuditRequest request, CancellationToken cancel)
    {
        int take = Math.Clamp(request.Take, 1, 500);
        List<AuditRow> rows = await Rows(request).Take(take + 1).ToListAsync(cancel);
        return new AuditPage(rows[..Math.Min(take, rows.Count)], rows.Count > take ? rows[take - 1].Id : null);
    }

    // Ids are time-ordered (UUID 7), so one column is both the order and the key of the next page.
    internal IQueryable<AuditRow> Rows(ListAuditRequest request) => db.Set<AuditEntry>()
        .Where(e => e.OrganizationId == request.OrganizationId)
        .Where(e => request.Before == null || e.Id.CompareTo(request.Before.Value) < 0)
        .Where(e => request.Action == null || e.Action.StartsWith(request.Action))
        .OrderByDescending(e => e.Id)
        .Select(e => new AuditRow(e.Id, e.At, e.ActorName, e.Action, e.Subject, e.Detail, e.Origin));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organizations/{organization}/audit", async (ListAudit handler, HttpContext http, Guid? before, int? take, string? action, CancellationToken cancel) =>
                (await handler.HandleAsync(new(http.OrganizationId(), before, take ?? 50, action), cancel)).ToOk())
            .Requires(HubAction.AuditRead).Produces<AuditPage>().WithTags("Audit").WithName("ListAudit")
            .WithSummary("Who changed what, when and from where; newest first, page by page.");
        routes.MapGet("/audit", async (ListAudit handler, Guid? before, int? take, string? action, CancellationToken cancel) =>
                (await handler.HandleAsync(new(AuditLog.Instance, before, take ?? 50, action), cancel)).ToOk())
            .Requires(HubAction.InstanceManage).Produces<AuditPage>().WithTags("Audit").WithName("ListInstanceAudit")
            .WithSummary("Changes that concern the hub as a whole: accounts disabled and enabled (instance administrators).");
    }
}
