using Perenne.Contracts.Stations;

namespace Perenne.Hub.Deploy;

internal enum StationState
{
    /// <summary>Its code was not typed yet, or it never reported.</summary>
    Waiting,
    Good,
    Warning,
    Down,
    Revoked,
}

/// <summary>How a station is, as a pure function of its last report and the time.</summary>
internal sealed record StationHealth(StationState State, IReadOnlyList<string> Problems)
{
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CameraSilence = TimeSpan.FromMinutes(10), OldQueue = TimeSpan.FromMinutes(30);
    private const double MaxSkewSeconds = 5, HotCelsius = 85;
    private const long LittleDisk = 2L << 30;

    public static StationHealth Of(Station station, DateTimeOffset now)
    {
        if (station.RevokedAt is not null)
            return new(StationState.Revoked, []);
        if (station.HeartbeatAt is not { } heard || station.Heartbeat is not { } beat)
            return new(StationState.Waiting, []);
        if (now - heard > Silence)
            return new(StationState.Down, [$"Silent for {Words(now - heard)}."]);
        List<string> problems = [.. ProblemsOf(beat, station.ClockSkewSeconds, now)];
        return new(problems.Count == 0 ? StationState.Good : StationState.Warning, problems);
    }

    private static IEnumerable<string> ProblemsOf(Heartbeat beat, double? skew, DateTimeOffset now)
    {
        if (beat.Trouble is { Length: > 0 } trouble)
            yield return trouble;
        foreach (CameraState camera in beat.Cameras)
        {
            if (!camera.Connected)
                yield return $"Camera '{camera.Name}' is not connected.";
            else if (camera.LastFrameAt is { } last && now - last > CameraSilence)
                yield return $"Camera '{camera.Name}' gave no frame for {Words(now - last)}.";
        }

        if (beat.Models.Count == 0)
            yield return "No model is loaded: no part is judged.";
        if (beat.Queue.EvictedObservations > 0)
            yield return $"{beat.Queue.EvictedObservations} observations were lost for lack of disk.";
        if (beat.Queue.OldestAt is { } oldest && now - oldest > OldQueue)
            yield return $"Observations wait for upload since {Words(now - oldest)}.";
        if (beat.DiskFreeBytes is < LittleDisk)
            yield return $"Only {beat.DiskFreeBytes / 1e9:0.0} GB of disk are free.";
        if (beat.TemperatureCelsius is > HotCelsius)
            yield return $"The processor is at {beat.TemperatureCelsius:0} °C.";
        if (skew is { } seconds && Math.Abs(seconds) > MaxSkewSeconds)
            yield return $"Its clock is wrong by {Math.Round(seconds)} s.";
    }

    private static string Words(TimeSpan span) => span.TotalDays >= 2 ? $"{(int)span.TotalDays} d" : span.TotalHours >= 2 ? $"{(int)span.TotalHours} h" : $"{(int)span.TotalMinutes} min";
}
