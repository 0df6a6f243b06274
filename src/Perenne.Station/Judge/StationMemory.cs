using System.Collections.Concurrent;
using Perenne.Contracts.Stations;

namespace Perenne.Station.Judge;

/// <summary>What the station knows of its cameras.</summary>
internal sealed class StationMemory(string folder)
{
    private readonly ConcurrentDictionary<string, CameraMemory> cameras = new();

    public StationPlan? Plan { get; set; }

    public CameraMemory Camera(string name) => cameras.GetOrAdd(name, n =>
    {
        Directory.CreateDirectory(folder);
        return new CameraMemory(Path.Combine(folder, $"{Uri.EscapeDataString(n)}.json"));
    });

    /// <summary>The same, after the changes of the line that people recorded at the hub.</summary>
    public CameraMemory Camera(string name, Guid? project)
    {
        CameraMemory camera = Camera(name);
        if (Plan?.Projects.FirstOrDefault(p => p.ProjectId == project)?.Changes.Where(c => c.Camera is null || c.Camera == name).Max(c => (DateTimeOffset?)c.At) is { } change)
            camera.Follow(change);
        return camera;
    }

    public Guid? ProjectOf(string camera) => Plan?.Cameras.FirstOrDefault(c => c.Name == camera)?.ProjectId;
}
