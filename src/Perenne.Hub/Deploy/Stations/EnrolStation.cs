using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>A one-time code typed at the station becomes its identity, with the key that its models are signed with.</summary>
internal sealed class EnrolStation(HubDbContext db, EnrolMachine machines, SigningKeys keys, AuditLog audit)
{
    public async Task<Result<EnrolAnswer>> HandleAsync(EnrolRequest request, CancellationToken cancel)
    {
        Result<EnrolMachineDone> enrolled = await machines.HandleAsync(new(request.Code), cancel);
        if (!enrolled.Succeeded)
            return enrolled.Error;
        Guid id = enrolled.Value.MachineId;
        Station? station = await db.Set<Station>().SingleOrDefaultAsync(s => s.Id == id, cancel);
        if (station is null)
            return CurrentStation.NotAStation;
        station.Host = request.Machine?.Trim() is { Length: > 0 and <= 200 } host ? host : null;
        audit.Record(station.OrganizationId, "station.enrolled", station.Name, after: new { station.Host, request.Software });
        await db.SaveChangesAsync(cancel);
        string organization = await db.Set<Organization>().Where(o => o.Id == station.OrganizationId).Select(o => o.Slug).SingleAsync(cancel);
        return new EnrolAnswer(id, station.Name, station.OrganizationId, organization, enrolled.Value.Token, await keys.PublicKeyAsync(cancel));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/v1/stations/enrol", async (EnrolRequest request, EnrolStation handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .OpenToAnyone("The one-time code is the right.").Produces<EnrolAnswer>().WithTags("Station").WithName("EnrolStation")
        .WithExample(new EnrolRequest("7K2QF-9XMDA-0T4RB-VV8C1", "1.0.0", "line-3"))
        .WithSummary("Exchange a one-time code for a station's token and the key that signs its models.");
}
