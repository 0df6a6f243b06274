using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perenne.Contracts.Stations;
using Perenne.Inference;
using Perenne.Station.Models;
using Perenne.Station.Spool;

namespace Perenne.Station.Hub;

/// <summary>Once a minute: follow the plan, say how it goes.</summary>
internal sealed class HeartbeatService(HubClient hub, PlanKeeper plans, ModelSet models, ObservationSpool observations, ImageSpool images, SpoolBounds bounds, StationStatus status, StationPaths paths, StationOptions options, ILogger<HeartbeatService> logger, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Endless.RunAsync("Following the hub's plan", FollowAsync, status, time, logger, stoppingToken);

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await BeatAsync(stoppingToken);
            await Task.Delay(TimeSpan.FromSeconds(options.HubSeconds), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task BeatAsync(CancellationToken cancel)
    {
        string? trouble = null;
        try
        {
            if (options.Model is null)
                await plans.RefreshAsync(cancel);
            Heartbeat beat = Now();
            trouble = beat.Trouble;
            HeartbeatAnswer? answer = await hub.HeartbeatAsync(beat, cancel);
            trouble = null;
            status.HubReached = true;
            if (options.Model is null && answer?.PlanEtag is { } etag && etag != plans.Etag)
                await plans.RefreshAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException or ModelPackageException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            status.HubReached = false;
            if (trouble is not null)
                status.GiveBack(trouble);
        }
    }

    private Heartbeat Now()
    {
        IReadOnlyList<WaitingSegment> segments = observations.Waiting();
        return new Heartbeat
        {
            SentAt = time.GetUtcNow(),
            Software = typeof(HeartbeatService).Assembly.GetName().Version?.ToString(3) ?? "",
            StartedAt = status.StartedAt,
            PlanEtag = plans.Etag,
            Models = [.. models.Projects.SelectMany(p => p.All.Where(m => m.Planned is not null && p.ProjectId is not null).Select(m => new RunningModel(p.ProjectId!.Value, m.Planned!.ModelVersionId, m.Role)))],
            Cameras = [.. status.Cameras],
            Queue = new QueueState
            {
                Segments = segments.Count,
                Images = images.Count,
                Bytes = bounds.Bytes,
                OldestAt = segments.Count > 0 ? new DateTimeOffset(File.GetLastWriteTimeUtc(segments[0].Path)) : null,
                LastSequence = observations.LastSequence,
                EvictedImages = bounds.Counted.Images,
                EvictedObservations = bounds.Counted.Observations,
            },
            DiskFreeBytes = new DriveInfo(paths.Root).AvailableFreeSpace,
            MemoryBytes = Environment.WorkingSet,
            TemperatureCelsius = Temperature(),
            Trouble = status.TakeTrouble(),
        };
    }

    private static double? Temperature()
    {
        const string path = "/sys/class/thermal/thermal_zone0/temp";
        try
        {
            return File.Exists(path) && double.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out double milli) ? milli / 1000 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
