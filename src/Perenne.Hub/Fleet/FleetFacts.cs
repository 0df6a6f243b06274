namespace Perenne.Hub.Fleet;

/// <summary>What the board knows of one project in one organization; null: unknown or not there yet.</summary>
internal sealed record FleetFacts
{
    /// <summary>The active version's last measurement on this organization's accepted images.</summary>
    public FleetMeasure? Performance { get; init; }

    /// <summary>The bound of the project's policy, in [0, 1].</summary>
    public double PerformanceBound { get; init; } = 0.85;

    public DateTimeOffset? LastImageAt { get; init; }

    /// <summary>Cameras from which nothing comes while others of the plant go on.</summary>
    public int SilentCameras { get; init; }

    public int ImagesThisWeek { get; init; }

    /// <summary>Of the last 30 days.</summary>
    public int Judged { get; init; }

    public int Usable { get; init; }

    public bool DriftIsOpen { get; init; }

    public int Accepted { get; init; }

    public int AcceptedThisMonth { get; init; }

    /// <summary>People who submitted in the last 14 days.</summary>
    public int Annotators { get; init; }

    /// <summary>F1 between people on what they both annotated, in [0, 1]: the skill of the crowd. Null: nothing was annotated twice.</summary>
    public double? Agreement { get; init; }

    public FleetPace? Pace { get; init; }

    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>Accepted since the champion's data were frozen.</summary>
    public int AcceptedSinceTraining { get; init; }

    public int RetrainAfter { get; init; } = 500;

    public bool IsRetraining { get; init; }

    public int? NewestVersion { get; init; }

    public int? ActiveVersion { get; init; }

    /// <summary>Version in shadow or canary. Null: none.</summary>
    public int? ComingVersion { get; init; }

    public int Stations { get; init; }

    public int SilentStations { get; init; }
}

/// <param name="Value">F1 in [0, 1] with its 95 % interval.</param>
/// <param name="Evaluation">Its number.</param>
internal sealed record FleetMeasure(double Value, double Low, double High, int Images, DateTimeOffset At, bool IsActiveVersion, int? Evaluation = null);

/// <summary>The running campaign that is due first, or the furthest behind.</summary>
internal sealed record FleetPace(Guid Campaign, string Name, int Done, int Target, double PerDay, double? NeededPerDay, DateOnly? DoneOn, DateOnly? DueOn);
