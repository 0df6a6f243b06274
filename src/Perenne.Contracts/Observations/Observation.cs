namespace Perenne.Contracts.Observations;

/// <summary>
/// One judgement of a deployed model about one frame: a row of a segment (Parquet). Column names are these
/// property names in snake_case; nested values are lists. Described in docs/observations.md.
/// </summary>
public sealed record Observation
{
    /// <summary>Id made by the station; unique for ever.</summary>
    public required Guid Id { get; init; }

    /// <summary>Number per station, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>Id of the frame: the judgements of all models (active, canary, shadow) of one frame share it.</summary>
    public required Guid FrameId { get; init; }

    /// <summary>Project of the camera. Null: the station has no plan yet.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Camera name.</summary>
    public required string Camera { get; init; }

    /// <summary>Part id. Null when unknown.</summary>
    public string? Part { get; init; }

    /// <summary>When the frame was taken.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>When the verdict was ready.</summary>
    public required DateTimeOffset JudgedAt { get; init; }

    /// <summary>Model version (the hub's id); null when no model was loaded.</summary>
    public Guid? ModelVersionId { get; init; }

    /// <summary>Deployment that decided. Null when none.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>Whether this judgement decided or only watched.</summary>
    public required JudgementRole Role { get; init; }

    /// <summary>The answer.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why the frame cannot be judged: a code of the quality report, <c>no-model</c> or <c>model-error</c>. Null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Width of the frame in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Class names, one per detection.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Scores in [0, 1], one per detection, strongest first. Includes those below the threshold down to the logging floor.</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];

    /// <summary>x, y, width, height in pixels, four numbers per detection.</summary>
    public IReadOnlyList<double> Boxes { get; init; } = [];

    /// <summary>Time from frame in hand to verdict, milliseconds.</summary>
    public required double LatencyMilliseconds { get; init; }

    /// <summary>Brightness percentiles 1, 50 and 99 in [0, 1].</summary>
    public IReadOnlyList<double> Brightness { get; init; } = [];

    /// <summary>Sharpness (variance of the Laplacian at native scale).</summary>
    public double? Sharpness { get; init; }

    /// <summary>Noise standard deviation in grey levels of [0, 255].</summary>
    public double? Noise { get; init; }

    /// <summary>Entropy in bits.</summary>
    public double? Entropy { get; init; }

    /// <summary>Pooled features of the model. Empty when it has none.</summary>
    public IReadOnlyList<float> Features { get; init; } = [];

    /// <summary>SHA-256 of the frame's file when it was sampled for the hub. Null: not kept.</summary>
    public string? ImageSha256 { get; init; }

    /// <summary>Why the frame was sampled: audit, band, rare, feedback, drift. Null: not sampled.</summary>
    public string? SampleReason { get; init; }

    /// <summary>Perceptual hash (64 bits) of the frame, for dropping near-duplicate neighbours in drift tests.</summary>
    public long? PerceptualHash { get; init; }

    /// <summary>Shift of the frame's corners against the camera's reference view, as a share of the diagonal. Null: the camera has no fixed view, or the view was not found on it.</summary>
    public double? ViewShift { get; init; }

    /// <summary>Share of the reference view's details that are found on the frame, in [0, 1]. Null: the camera has no fixed view.</summary>
    public double? ViewVisible { get; init; }
}

/// <summary>Whether a judgement decided about the part.</summary>
public enum JudgementRole
{
    /// <summary>The deciding model.</summary>
    Active,

    /// <summary>The canary decided this frame.</summary>
    Canary,

    /// <summary>Only watched; recorded for comparison.</summary>
    Shadow,
}

/// <summary>The answer about a part.</summary>
public enum Verdict
{
    /// <summary>No defect above its threshold.</summary>
    Ok,

    /// <summary>At least one defect.</summary>
    NotOk,

    /// <summary>The frame is not fit to be judged; never shown as OK.</summary>
    CannotJudge,
}
