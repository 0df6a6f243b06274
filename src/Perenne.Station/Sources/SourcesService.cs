using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perenne.Station.Judge;

namespace Perenne.Station.Sources;

/// <summary>The cameras: those that push are asked for by name, the others run here.</summary>
internal sealed class SourcesService(StationOptions options, FrameJudge judge, PartIds parts, Triggers triggers, StationStatus status, ILogger<SourcesService> logger, TimeProvider time) : BackgroundService
{
    private readonly Dictionary<string, CameraLoop> cameras = options.Cameras.ToDictionary(c => c.Name, c => new CameraLoop(c, judge, parts, time));

    /// <summary>Configured cameras, and any other name as one that pushes.</summary>
    public CameraLoop For(string name)
    {
        lock (cameras)
            return cameras.TryGetValue(name, out CameraLoop? camera) ? camera : cameras[name] = new CameraLoop(new CameraOptions { Name = name }, judge, parts, time);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        CameraLoop[] all;
        lock (cameras)
            all = [.. cameras.Values];
        return Task.WhenAll(all.Select(camera => Task.Run(() => Endless.RunAsync($"The camera {camera.Options.Name}", stop => camera.Options.Kind switch
        {
            "folder" => FolderSource.RunAsync(camera, status, time, stop),
            "replay" => ReplaySource.RunAsync(camera, status, time, stop),
            "command" or "camera" => CommandSource.RunAsync(camera, status, triggers, time, stop),
            _ => Task.CompletedTask,
        }, status, time, logger, stoppingToken), stoppingToken)));
    }
}
