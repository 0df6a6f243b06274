namespace Perenne.Hub.Automate;

/// <summary>What the loop knows of a project at one moment. Recorded hourly, so that a policy can be tried on the past.</summary>
/// <param name="Champion">The model version to beat. Null: none trained yet.</param>
/// <param name="TrainedAt">When the last training was started.</param>
/// <param name="RetrainIsOpen">A retraining flow is under way.</param>
internal sealed record LoopFacts(Guid ProjectId, Guid? Champion, DateTimeOffset? TrainedAt, bool RetrainIsOpen, IReadOnlyList<OrganizationFacts> Organizations);

/// <summary>One organization's part of it.</summary>
/// <param name="Zone">Its time zone, for the evaluation's schedule.</param>
/// <param name="Campaign">Its running campaign that may be topped up. Null: none.</param>
/// <param name="FreeTasks">Free tasks of it.</param>
/// <param name="PoolImages">Images that fit and are in no campaign yet.</param>
/// <param name="NewAccepted">Ground truths that the champion's dataset version does not hold.</param>
/// <param name="Deployed">The active model version. Null: none.</param>
/// <param name="EvaluatedAt">When it was last measured on this organization's accepted images.</param>
/// <param name="AcceptedForEvaluation">Accepted images that no training of the deployed version has seen.</param>
/// <param name="Performance">The last measurement with its interval. Null: never measured.</param>
/// <param name="Drift">The open drift alert. Null: none.</param>
/// <param name="DriftIsAudited">An audit campaign exists for that alert.</param>
/// <param name="HasUnmeasured">Something was accepted since the images of the last measurement were frozen; without, it would give the same figure again.</param>
internal sealed record OrganizationFacts(
    Guid Id,
    string Name,
    string Zone,
    Guid? Campaign,
    int FreeTasks,
    int PoolImages,
    int NewAccepted,
    Guid? Deployed,
    DateTimeOffset? EvaluatedAt,
    int AcceptedForEvaluation,
    Measured? Performance,
    Guid? Drift,
    bool DriftIsAudited,
    bool HasUnmeasured = true);

/// <summary>A share with its 95 % interval.</summary>
internal sealed record Measured(double Value, double Low, double High, int Images);
