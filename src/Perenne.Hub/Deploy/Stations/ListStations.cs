using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <param name="Problems">Sentences; empty when all is well.</param>
internal sealed record StationRow(
    Guid Id, Guid OrganizationId, string Name, StationState State, IReadOnlyList<string> Problems, DateTimeOffset CreatedAt, DateTimeOffset? HeartbeatAt, double? ClockSkewSeconds,
    string? Host, IReadOnlyList<PlannedCamera> Cameras, long? UploadBytesPerSecond, Heartbeat? Heartbeat);

internal sealed class ListStations(HubDbContext db, TimeProvider time)
{
    /// <param name="organization">Null: all that the caller may see.</param>
    public async Task<IReadOnlyList<StationRow>> HandleAsync(Guid? organization, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<Station> found = await db.Set<Station>().AsNoTracking().Where(s => organization == null || s.OrganizationId == organization).OrderBy(s => s.Name).ToListAsync(cancel);
        return [.. found.Select(s => Row(s, now))];
    }

    public async Task<Result<StationRow>> GetAsync(Guid organization, Guid id, CancellationToken cancel) =>
        await db.Set<Station>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.OrganizationId == organization, cancel) is { } station
            ? Row(station, time.GetUtcNow()) : HubError.NotFound("This station");

    private static StationRow Row(Station s, DateTimeOffset now)
    {
        StationHealth health = StationHealth.Of(s, now);
        return new(s.Id, s.OrganizationId, s.Name, health.State, health.Problems, s.CreatedAt, s.HeartbeatAt, s.ClockSkewSeconds, s.Host, s.Cameras, s.UploadBytesPerSecond, s.Heartbeat);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/organizations/{organization}/stations", async (ListStations handler, HttpContext http, CancellationToken cancel) =>
                TypedResults.Ok(await handler.HandleAsync(http.OrganizationId(), cancel)))
            .Requires(HubAction.StationsRead).WithTags("Stations").WithName("ListStations").WithSummary("The stations of an organization with their health.");
        routes.MapGet("/api/v1/organizations/{organization}/stations/{station:guid}", async (Guid station, ListStations handler, HttpContext http, CancellationToken cancel) =>
                (await handler.GetAsync(http.OrganizationId(), station, cancel)).ToOk())
            .Requires(HubAction.StationsRead).Produces<StationRow>().WithTags("Stations").WithName("GetStation").WithSummary("One station with its last report.");
    }
}
