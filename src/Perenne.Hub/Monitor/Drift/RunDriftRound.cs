using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

/// <summary>Judges now what arrived since the last look, in every organization of the project where the caller may handle alerts.</summary>
internal sealed class RunDriftRound(HubDbContext db, CheckDrift check)
{
    public async Task<Result<DriftChecked>> HandleAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, organization is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        DriftChecked sum = new(0, 0, 0);
        foreach (Guid place in visible.Value)
            sum = CheckDrift.Add(sum, await check.HandleAsync(place, project, cancel));
        return sum;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/projects/{project}/drift/rounds", async (RunDriftRound handler, HttpContext http, Guid? organizationId, CancellationToken cancel) =>
                (await handler.HandleAsync(http.ProjectId(), organizationId, cancel)).ToOk())
            .Requires(HubAction.AlertsHandle).Produces<DriftChecked>().WithTags("Monitoring").WithName("RunDriftRound")
            .WithSummary("Judge now every full window that has no report yet; it happens by itself every hour.");
        routes.MapPost("/api/v1/organizations/{organization}/projects/{project}/drift/check", async (RunDriftRound handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(http.ProjectId(), http.OrganizationId(), cancel)).ToOk())
            .Requires(HubAction.AlertsHandle).Produces<DriftChecked>().WithTags("Monitoring").WithName("CheckDrift").WithSummary("The same for one organization.");
    }
}
