using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

/// <param name="State">Where it goes.</param>
/// <param name="MutedUntil">For <see cref="AlertState.Muted"/>.</param>
/// <param name="Because">For <see cref="AlertState.Resolved"/>: what was found.</param>
internal sealed record ChangeAlertRequest(AlertState State, DateTimeOffset? MutedUntil = null, string? Because = null);

/// <summary>Somebody takes an alert, silences it, resolves it or opens it again. Who acknowledges owns it.</summary>
internal sealed class ChangeAlert(HubDbContext db, WriteTurn turn, CurrentAccess access, AuditLog audit, TellAlert tell, TimeProvider time)
{
    private static readonly TimeSpan LongestMute = TimeSpan.FromDays(90);

    public async Task<Result<Done>> HandleAsync(Guid project, Guid id, ChangeAlertRequest request, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Check check = new Check().That(Enum.IsDefined(request.State), "state", "A state is open, acknowledged, muted or resolved.")
            .That(request.State != AlertState.Muted || (request.MutedUntil > now && request.MutedUntil <= now + LongestMute), "mutedUntil", "Mute until a moment in the next 90 days.")
            .That(request.Because is null || request.Because.Length <= 500, "because", "The reason is longer than 500 characters. Shorten it.");
        if (check.Error is { } problem)
            return problem;
        Result<Done> result = new Done();
        await turn.RunAsync(db, async () =>
        {
            Alert? alert = await db.Set<Alert>().SingleOrDefaultAsync(a => a.Id == id && a.ProjectId == project, cancel);
            result = alert is null ? HubError.NotFound("This alert")
                : alert.OpenKey is null ? HubError.Conflict("alert-resolved", "This alert is resolved. If the cause comes back, a new one opens.")
                : Apply(alert, request, now);
            await db.SaveChangesAsync(cancel);
            if (result.Succeeded && request.State == AlertState.Resolved)
                await tell.ResolvedAsync(alert!, cancel);
        }, cancel);
        return result;
    }

    private Result<Done> Apply(Alert alert, ChangeAlertRequest request, DateTimeOffset now)
    {
        AlertState before = alert.State;
        alert.State = request.State;
        alert.MutedUntil = request.State == AlertState.Muted ? request.MutedUntil : null;
        if (request.State is AlertState.Acknowledged or AlertState.Muted)
            (alert.OwnerId, alert.OwnerName) = (access.Actor.Id, access.Actor.Name);
        if (request.State == AlertState.Resolved)
            (alert.OpenKey, alert.ResolvedAt, alert.ResolvedBecause) = (null, now, request.Because?.Trim() is { Length: > 0 } because ? because : null);
        audit.Record(alert.OrganizationId, "alert.changed", $"{alert.Camera}: {alert.Cause}", before.ToString(), new { alert.State, alert.MutedUntil, alert.ResolvedBecause });
        return new Done();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/v1/projects/{project}/alerts/{alert:guid}", async (Guid alert, ChangeAlertRequest request, ChangeAlert handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), alert, request, cancel)).ToOk())
        .Requires(HubAction.AlertsHandle).WithTags("Monitoring").WithName("ChangeAlert").WithSummary("Acknowledge, mute, resolve or reopen an alert.");
}
