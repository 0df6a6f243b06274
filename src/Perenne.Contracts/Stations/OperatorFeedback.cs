namespace Perenne.Contracts.Stations;

/// <summary>What an operator said about one judgement: body of <c>POST /station/v1/feedback</c>, sent again until accepted; the id makes it idempotent.</summary>
public sealed record OperatorFeedback
{
    /// <summary>Made by the station.</summary>
    public required Guid Id { get; init; }

    /// <summary>The deciding observation of the frame.</summary>
    public required Guid ObservationId { get; init; }

    /// <summary>Project of the frame.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Deployment that decided about the frame, so that an objection counts against it before its segment arrives. Null: none.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>Model version that decided. Null: none.</summary>
    public Guid? ModelVersionId { get; init; }

    /// <summary>Camera of the frame. Null: unknown.</summary>
    public string? Camera { get; init; }

    /// <summary>What was wrong.</summary>
    public required FeedbackKind Kind { get; init; }

    /// <summary>When the button was pressed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>x, y, width, height in pixels of the frame of what was missed or wrongly found. Null: not drawn.</summary>
    public IReadOnlyList<double>? Box { get; init; }

    /// <summary>SHA-256 of the frame's file, which follows as an image with reason <c>feedback</c>. Null: the frame was gone.</summary>
    public string? ImageSha256 { get; init; }
}

/// <summary>Kinds of feedback.</summary>
public enum FeedbackKind
{
    /// <summary>NOT OK, but the part is good.</summary>
    FalseAlarm,

    /// <summary>OK, but the part has a defect.</summary>
    MissedDefect,
}
