using Perenne.Contracts.Observations;

namespace Perenne.Contracts.Stations;

/// <summary>Body of <c>POST /station/v1/heartbeat</c>, once a minute.</summary>
public sealed record Heartbeat
{
    /// <summary>The station's clock when it sent this; the hub derives the skew.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Version of the station's software.</summary>
    public required string Software { get; init; }

    /// <summary>When the station's process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>ETag of the plan in force. Null: none yet.</summary>
    public string? PlanEtag { get; init; }

    /// <summary>Models in memory.</summary>
    public IReadOnlyList<RunningModel> Models { get; init; } = [];

    /// <summary>Cameras with their state.</summary>
    public IReadOnlyList<CameraState> Cameras { get; init; } = [];

    /// <summary>What waits for the hub.</summary>
    public required QueueState Queue { get; init; }

    /// <summary>Free bytes on the spool's disk.</summary>
    public long? DiskFreeBytes { get; init; }

    /// <summary>Temperature of the processor in °C where known.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Resident memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Last trouble as a sentence. Null: none since the last heartbeat.</summary>
    public string? Trouble { get; init; }
}

/// <summary>A model that a station runs.</summary>
/// <param name="ProjectId">Project it judges for.</param>
/// <param name="ModelVersionId">The version.</param>
/// <param name="Role">Active, canary or shadow.</param>
public sealed record RunningModel(Guid ProjectId, Guid ModelVersionId, JudgementRole Role);

/// <summary>A camera as the station sees it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Connected">False: the source gives no frames and is being reconnected.</param>
/// <param name="LastFrameAt">When the last frame came. Null: none since the start.</param>
/// <param name="Frames">Frames since the start.</param>
public sealed record CameraState(string Name, bool Connected, DateTimeOffset? LastFrameAt, long Frames);

/// <summary>The spool.</summary>
public sealed record QueueState
{
    /// <summary>Segments not yet accepted by the hub.</summary>
    public int Segments { get; init; }

    /// <summary>Images not yet accepted.</summary>
    public int Images { get; init; }

    /// <summary>Bytes of both on disk.</summary>
    public long Bytes { get; init; }

    /// <summary>When the oldest waiting observation was judged. Null: nothing waits.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>Sequence number of the last observation written.</summary>
    public long LastSequence { get; init; }

    /// <summary>Images given up because the disk was full, since the spool was made.</summary>
    public long EvictedImages { get; init; }

    /// <summary>Observations given up because the disk was full, since the spool was made.</summary>
    public long EvictedObservations { get; init; }
}

/// <summary>Answer to a <see cref="Heartbeat"/>.</summary>
/// <param name="Now">The hub's clock.</param>
/// <param name="PlanEtag">The newest plan; if it differs the station fetches it at once.</param>
public sealed record HeartbeatAnswer(DateTimeOffset Now, string? PlanEtag);
