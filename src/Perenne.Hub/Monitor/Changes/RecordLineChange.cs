using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

/// <param name="Camera">Null: all cameras.</param>
/// <param name="At">Null: now.</param>
internal sealed record RecordLineChangeRequest(string What, string? Camera = null, DateTimeOffset? At = null, bool IsNewNormal = false);

internal sealed record LineChangeRow(Guid Id, Guid OrganizationId, string? Camera, DateTimeOffset At, string What, bool IsNewNormal, string RecordedBy);

internal sealed class RecordLineChange(HubDbContext db, WriteTurn turn, CurrentAccess access, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<Result<LineChangeRow>> HandleAsync(Guid organization, Guid project, RecordLineChangeRequest request, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow(), at = request.At ?? now;
        Check check = new Check().Text(request.What, "what", "What was changed", 500)
            .That(request.Camera is null || request.Camera.Length <= 200, "camera", "The camera's name is longer than 200 characters.")
            .That(at <= now && at > now.AddYears(-1), "at", "A change is recorded when it was made: not in the future, and not more than a year ago.");
        if (check.Error is { } problem)
            return problem;
        LineChange change = new()
        {
            Id = ids.Next(), OrganizationId = organization, ProjectId = project, Camera = request.Camera?.Trim() is { Length: > 0 } camera ? camera : null, At = at,
            What = request.What.Trim(), IsNewNormal = request.IsNewNormal, RecordedBy = access.Actor.Name, RecordedAt = now,
        };
        await turn.RunAsync(db, async () =>
        {
            db.Add(change);
            audit.Record(organization, "line.changed", change.What);
            await db.SaveChangesAsync(cancel);
        }, cancel);
        return Row(change);
    }

    public async Task<Result<IReadOnlyList<LineChangeRow>>> ListAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, organization is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        List<LineChange> changes = await db.Set<LineChange>().AsNoTracking().Where(c => c.ProjectId == project && visible.Value.Contains(c.OrganizationId)).OrderByDescending(c => c.At).Take(200).ToListAsync(cancel);
        return changes.ConvertAll(Row);
    }

    private static LineChangeRow Row(LineChange c) => new(c.Id, c.OrganizationId, c.Camera, c.At, c.What, c.IsNewNormal, c.RecordedBy);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/organizations/{organization}/projects/{project}/line-changes", async (RecordLineChangeRequest request, RecordLineChange handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToOk())
            .Requires(HubAction.LineChangesRecord).Produces<LineChangeRow>().WithTags("Monitoring").WithName("RecordLineChange")
            .WithSummary("Record what was done to a line; with 'isNewNormal' production is compared with what comes after it.");
        routes.MapGet("/api/v1/projects/{project}/line-changes", async (RecordLineChange handler, HttpContext http, Guid? organizationId, CancellationToken cancel) =>
                (await handler.ListAsync(http.ProjectId(), organizationId, cancel)).ToOk())
            .Requires(HubAction.MonitoringRead).Produces<IReadOnlyList<LineChangeRow>>().WithTags("Monitoring").WithName("ListLineChanges").WithSummary("What was done to the lines, newest first.");
    }
}
