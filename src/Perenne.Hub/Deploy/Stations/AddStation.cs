using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <param name="Cameras">Which project each camera looks at; a camera of none belongs to the organization's only project.</param>
internal sealed record AddStationRequest(string Name, IReadOnlyList<PlannedCamera>? Cameras = null, long? UploadBytesPerSecond = null);

/// <param name="Code">Typed at the station within a day; shown this once.</param>
internal sealed record StationCode(Guid Id, string Name, string Code, DateTimeOffset ExpiresAt);

/// <summary>A station and its machine identity, in one transaction; the answer holds the one-time code.</summary>
internal sealed class AddStation(HubDbContext db, WriteTurn turn, ManageMachines machines, TimeProvider time)
{
    public async Task<Result<StationCode>> HandleAsync(Guid organization, AddStationRequest request, CancellationToken cancel)
    {
        if (await StationRules.CheckAsync(db, organization, request.Cameras, request.UploadBytesPerSecond, cancel) is { } invalid)
            return invalid;
        Result<AddMachineDone> machine = HubError.NotFound("This organization");
        await turn.RunAsync(db, async () =>
        {
            machine = await machines.AddAsync(organization, new(request.Name), cancel);
            if (!machine.Succeeded)
                return;
            db.Add(new Station
            {
                Id = machine.Value.Id, OrganizationId = organization, Name = request.Name.Trim(), Cameras = [.. request.Cameras ?? []],
                UploadBytesPerSecond = request.UploadBytesPerSecond, CreatedAt = time.GetUtcNow(),
            });
            await db.SaveChangesAsync(cancel);
        }, cancel);
        return machine.Map(made => new StationCode(made.Id, request.Name.Trim(), made.Code, made.ExpiresAt));
    }

    public async Task<Result<StationCode>> NewCodeAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Station? station = await db.Set<Station>().SingleOrDefaultAsync(s => s.Id == id && s.OrganizationId == organization && s.RevokedAt == null, cancel);
        if (station is null)
            return HubError.NotFound("This station");
        return (await machines.NewCodeAsync(organization, id, cancel)).Map(made => new StationCode(id, station.Name, made.Code, made.ExpiresAt));
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/organizations/{organization}/stations", async (AddStationRequest request, AddStation handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(http.OrganizationId(), request, cancel)).ToOk())
            .Requires(HubAction.StationsEdit).Produces<StationCode>().WithTags("Stations").WithName("AddStation")
            .WithExample(new AddStationRequest("line 3"))
            .WithSummary("Add a station; the answer holds its one-time enrolment code.");
        routes.MapPost("/api/v1/organizations/{organization}/stations/{station:guid}/code", async (Guid station, AddStation handler, HttpContext http, CancellationToken cancel) =>
                (await handler.NewCodeAsync(http.OrganizationId(), station, cancel)).ToOk())
            .Requires(HubAction.StationsEdit).Produces<StationCode>().WithTags("Stations").WithName("RenewStationCode")
            .WithSummary("A new one-time code for a station that lost its key; the old key works until it is used.");
    }
}

internal static class StationRules
{
    public static async Task<HubError?> CheckAsync(HubDbContext db, Guid organization, IReadOnlyList<PlannedCamera>? cameras, long? limit, CancellationToken cancel)
    {
        Check check = new();
        check.That(limit is null or >= 10_000, "uploadBytesPerSecond", "The upload limit is at least 10,000 bytes per second, or none.");
        List<Guid> projects = await db.Set<ProjectOrganization>().Where(link => link.OrganizationId == organization).Select(link => link.ProjectId).ToListAsync(cancel);
        foreach (PlannedCamera camera in cameras ?? [])
        {
            check.Text(camera.Name, "cameras", "The camera's name", 200);
            check.That(projects.Contains(camera.ProjectId), "cameras", $"Camera '{camera.Name}': this project does not run in the organization.");
        }

        check.That((cameras ?? []).Select(c => c.Name).Distinct(StringComparer.Ordinal).Count() == (cameras ?? []).Count, "cameras", "Two cameras have the same name.");
        return check.Error;
    }
}
