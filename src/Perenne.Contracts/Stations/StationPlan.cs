namespace Perenne.Contracts.Stations;

/// <summary>Answer of <c>GET /station/v1/plan</c> (with an ETag): everything a station must do, whole, so that a station that was offline for weeks needs nothing else.</summary>
public sealed record StationPlan
{
    /// <summary>Equal to the ETag header; changes with every change of the plan.</summary>
    public required string Etag { get; init; }

    /// <summary>When the hub made it.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>One entry per project that runs in the station's organization.</summary>
    public IReadOnlyList<ProjectPlan> Projects { get; init; } = [];

    /// <summary>Cameras that the hub knows of this station. A camera of none of them belongs to the only project, if there is only one.</summary>
    public IReadOnlyList<PlannedCamera> Cameras { get; init; } = [];

    /// <summary>Upload limit in bytes per second. Null: none.</summary>
    public long? UploadBytesPerSecond { get; init; }

    /// <summary>Scores below this are not logged, in [0, 1].</summary>
    public double LoggingFloor { get; init; } = 0.05;
}

/// <summary>Models and rules of one project on this station.</summary>
public sealed record ProjectPlan
{
    /// <summary>The hub's id.</summary>
    public required Guid ProjectId { get; init; }

    /// <summary>The project's slug.</summary>
    public required string Project { get; init; }

    /// <summary>The model that decides. Null: none is deployed; frames are answered "cannot judge".</summary>
    public PlannedModel? Active { get; init; }

    /// <summary>The model that decides <see cref="CanaryShare"/> of the frames in the active one's place. Null: none.</summary>
    public PlannedModel? Canary { get; init; }

    /// <summary>Share of frames in [0, 1] that the canary decides.</summary>
    public double CanaryShare { get; init; }

    /// <summary>Models that judge every frame and never decide. The canary is among them, so that it is compared on the frames it does not decide; a model judges a frame once.</summary>
    public IReadOnlyList<PlannedModel> Shadows { get; init; } = [];

    /// <summary>Which frames go to the hub as images.</summary>
    public SamplingRules Sampling { get; init; } = new();

    /// <summary>Changes of the line that people recorded as the new normal, the newest of each camera: what a station learnt of its cameras before does not hold.</summary>
    public IReadOnlyList<PlannedChange> Changes { get; init; } = [];
}

/// <summary>A change of the line.</summary>
/// <param name="Camera">Null: all cameras of the project.</param>
/// <param name="At">When it was made, by the hub's people.</param>
public sealed record PlannedChange(DateTimeOffset At, string? Camera = null);

/// <summary>One model to fetch and run.</summary>
public sealed record PlannedModel
{
    /// <summary>The hub's id; the package is at <c>/station/v1/models/{id}/model.json</c> and <c>model.onnx</c>.</summary>
    public required Guid ModelVersionId { get; init; }

    /// <summary>Number of the version, for people.</summary>
    public required int Number { get; init; }

    /// <summary>The deployment that asks for it.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>SHA-256 of <c>model.onnx</c>, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of <c>model.json</c>.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary>Size of <c>model.onnx</c> in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The hub's signature, see <see cref="ModelSignature"/>.</summary>
    public required string Signature { get; init; }

    /// <summary>Thresholds in [0, 1] by class name that replace the package's. Classes that are missing keep theirs.</summary>
    public IReadOnlyDictionary<string, double> Thresholds { get; init; } = new Dictionary<string, double>();
}

/// <summary>A camera of the station.</summary>
/// <param name="Name">Name as the station reports it.</param>
/// <param name="ProjectId">The project its frames belong to.</param>
public sealed record PlannedCamera(string Name, Guid ProjectId);

/// <summary>Which frames become images on the hub. Rules are tried in the order feedback, audit, band, rare, drift; the first that holds is the reason.</summary>
public sealed record SamplingRules
{
    /// <summary>Random share in [0, 1] of all frames, those without detections included: the only unbiased look at what is missed.</summary>
    public double AuditShare { get; init; } = 0.01;

    /// <summary>Frames whose strongest detection is within this distance of its threshold, in [0, 1]. 0: off.</summary>
    public double BandWidth { get; init; } = 0.1;

    /// <summary>Share in [0, 1] of the frames inside the band that are taken.</summary>
    public double BandShare { get; init; } = 0.25;

    /// <summary>Share in [0, 1] by class name of the frames with a counting detection of that class.</summary>
    public IReadOnlyDictionary<string, double> RareClasses { get; init; } = new Dictionary<string, double>();

    /// <summary>Random share in [0, 1] taken in addition while the hub has an open drift report. 0: none open.</summary>
    public double DriftShare { get; init; }

    /// <summary>Most images an hour, feedback not counted.</summary>
    public int MaxPerHour { get; init; } = 120;
}
