using System.Collections.Concurrent;

namespace Perenne.Station.Sources;

/// <summary>The line's signals that a part is in front of a camera. Signals before the next frame are one: there is one frame to judge.</summary>
internal sealed class Triggers
{
    private readonly ConcurrentDictionary<string, byte> waiting = new();

    public void Set(string camera) => waiting[camera] = 0;

    public bool Take(string camera) => waiting.TryRemove(camera, out _);
}
