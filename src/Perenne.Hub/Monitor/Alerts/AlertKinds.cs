namespace Perenne.Hub.Monitor;

/// <summary>Who noticed.</summary>
internal static class AlertKinds
{
    /// <summary>Production of a camera is no longer what it was; the causes are those of <see cref="Vision.Drift.DriftCause"/>.</summary>
    public const string Drift = "drift";

    /// <summary>A camera is silent while others of its plant go on, or sends one picture again and again.</summary>
    public const string Silent = "silent";

    /// <summary>People object to the model more often than in its beginning.</summary>
    public const string Feedback = "feedback";

    /// <summary>Random samples that people annotated contradict the model more often than in its beginning.</summary>
    public const string Audit = "audit";

    // Causes that are not drift's.
    public const string NoFrames = "NoFrames", SamePicture = "SamePicture", FalseAlarms = "FalseAlarms", MissedDefects = "MissedDefects", WrongVerdicts = "WrongVerdicts";
}

/// <summary>What a watcher saw.</summary>
/// <param name="Since">In production's own time.</param>
internal sealed record AlertNews(Guid OrganizationId, Guid ProjectId, string Kind, string? Camera, string Cause, DateTimeOffset Since, DateTimeOffset SeenAt, Guid? ReportId = null)
{
    /// <summary>One alert stands per key: a camera for what is seen on it, otherwise the cause.</summary>
    public string Key => $"{Kind}/{Camera ?? Cause}";
}
