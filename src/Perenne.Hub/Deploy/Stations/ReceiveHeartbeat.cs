using Perenne.Contracts.Stations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

internal sealed class ReceiveHeartbeat(HubDbContext db, CurrentStation current, StationPlans plans, TimeProvider time)
{
    public async Task<Result<HeartbeatAnswer>> HandleAsync(Heartbeat beat, CancellationToken cancel)
    {
        if (beat is not { Queue: not null, Cameras: not null, Models: not null })
            return HubError.Invalid("queue", "A heartbeat names queue, cameras and models.");
        if (Problem(beat) is { } invalid)
            return invalid;
        Result<Station> found = await current.FindAsync(cancel);
        if (!found.Succeeded)
            return found.Error;
        Station station = found.Value;
        DateTimeOffset now = time.GetUtcNow();
        (station.Heartbeat, station.HeartbeatAt, station.ClockSkewSeconds) = (beat, now, (beat.SentAt - now).TotalSeconds);
        await db.SaveChangesAsync(cancel);
        return new HeartbeatAnswer(now, (await plans.MakeAsync(station, cancel)).Etag);
    }

    private static HubError? Problem(Heartbeat beat) => new Check()
        .That(beat.Software is { Length: <= 100 }, "software", "The software's version has at most 100 characters.")
        .That(beat.Cameras.Count <= 200 && beat.Cameras.All(c => c.Name is { Length: > 0 and <= 200 }), "cameras", "A station has at most 200 cameras, each with a name of 1 to 200 characters.")
        .That(beat.Models.Count <= 100, "models", "A station reports at most 100 models.")
        .That(beat.Trouble is null or { Length: <= 2000 }, "trouble", "The trouble is a sentence of at most 2,000 characters.")
        .Error;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/station/v1/heartbeat", async (Heartbeat beat, ReceiveHeartbeat handler, CancellationToken cancel) => (await handler.HandleAsync(beat, cancel)).ToOk())
        .Requires(HubAction.StationReport).Produces<HeartbeatAnswer>().WithTags("Station").WithName("SendHeartbeat")
        .WithSummary("A station says how it is; the answer names the newest plan.");
}
