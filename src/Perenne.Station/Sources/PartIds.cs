using System.Collections.Concurrent;

namespace Perenne.Station.Sources;

/// <summary>The part that is in front of each camera now, as a scanner or the line's control last said over MQTT.</summary>
internal sealed class PartIds
{
    private readonly ConcurrentDictionary<string, string> last = new();

    public void Set(string camera, string part) => last[camera] = part;

    public string? Last(string camera) => last.TryGetValue(camera, out string? part) ? part : null;
}
