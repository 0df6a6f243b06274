using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

internal sealed record EditStationRequest(IReadOnlyList<PlannedCamera> Cameras, long? UploadBytesPerSecond = null);

/// <summary>Which project a station's cameras look at, and taking it out of service.</summary>
internal sealed class EditStation(HubDbContext db, WriteTurn turn, ManageMachines machines, AuditLog audit, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(Guid organization, Guid id, EditStationRequest request, CancellationToken cancel)
    {
        if (await StationRules.CheckAsync(db, organization, request.Cameras, request.UploadBytesPerSecond, cancel) is { } invalid)
            return invalid;
        Station? station = await FindAsync(organization, id, cancel);
        if (station is null)
            return HubError.NotFound("This station");
        object before = new { station.Cameras, station.UploadBytesPerSecond };
        (station.Cameras, station.UploadBytesPerSecond) = ([.. request.Cameras ?? []], request.UploadBytesPerSecond);
        audit.Record(organization, "station.edited", station.Name, before, new { station.Cameras, station.UploadBytesPerSecond });
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    /// <summary>Its key stops working at once; what it sent stays.</summary>
    public async Task<Result<Done>> RevokeAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Result<Done> done = HubError.NotFound("This station");
        await turn.RunAsync(db, async () =>
        {
            if (await FindAsync(organization, id, cancel) is not { } station)
                return;
            station.RevokedAt = time.GetUtcNow();
            audit.Record(organization, "station.revoked", station.Name);
            done = await machines.RevokeAsync(organization, id, cancel);
            await db.SaveChangesAsync(cancel);
        }, cancel);
        return done.Succeeded || done.Error.Code != "not-found" || !await db.Set<Station>().AnyAsync(s => s.Id == id && s.RevokedAt != null, cancel) ? done : default(Done);
    }

    private Task<Station?> FindAsync(Guid organization, Guid id, CancellationToken cancel) =>
        db.Set<Station>().SingleOrDefaultAsync(s => s.Id == id && s.OrganizationId == organization && s.RevokedAt == null, cancel);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/v1/organizations/{organization}/stations/{station:guid}", async (Guid station, EditStationRequest request, EditStation handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(http.OrganizationId(), station, request, cancel)).ToOk())
            .Requires(HubAction.StationsEdit).Produces(204).WithTags("Stations").WithName("EditStation")
            .WithExample(new EditStationRequest([new("top", RequestExample.Id)]))
            .WithSummary("Say which project each camera of a station looks at.");
        routes.MapDelete("/api/v1/organizations/{organization}/stations/{station:guid}", async (Guid station, EditStation handler, HttpContext http, CancellationToken cancel) =>
                (await handler.RevokeAsync(http.OrganizationId(), station, cancel)).ToOk())
            .Requires(HubAction.StationsEdit).Produces(204).WithTags("Stations").WithName("RevokeStation")
            .WithSummary("Take a station out of service at once; what it sent stays.");
    }
}
