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

    public Guid? ProjectOf(string camera) => Plan?.Cameras.FirstOrDefault(c => c.Name == camera)?.ProjectId;
}
