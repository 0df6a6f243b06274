namespace Perenne.Hub.Automate;

/// <summary>Between which figures a number of the policy lies.</summary>
/// <param name="Key">As written in the document.</param>
/// <param name="Of">Null: left out, which is allowed where it can be.</param>
/// <param name="IsOpen">The low end itself is too low.</param>
/// <param name="Words">After the key: a sentence without its full stop.</param>
internal sealed record PolicyBound(string Key, Func<LoopPolicy, double?> Of, double Low, double High, string Words, bool IsOpen = false)
{
    public bool Holds(LoopPolicy policy) => Of(policy) is not { } value || ((IsOpen ? value > Low : value >= Low) && value <= High);
}

/// <summary>The bounds of the policy's numbers, of which both the validation and the schema (<see cref="PolicySchema"/>) are made.</summary>
internal static class PolicyBounds
{
    public static IReadOnlyList<PolicyBound> All { get; } =
    [
        new("collect.top_up_below", p => p.Collect.TopUpBelow, 0, 100_000, "is a number of free tasks, 0 (never) to 100,000"),
        new("collect.images_per_top_up", p => p.Collect.ImagesPerTopUp, 1, 10_000, "lies between 1 and 10,000"),
        new("evaluate.least_accepted", p => p.Evaluate.LeastAccepted, 10, 100_000, "lies between 10 and 100,000: fewer images say nothing"),
        new("monitor.false_alarms", p => p.Monitor.FalseAlarms, 0, 10, "is a number of alarms above 0 and at most 10", IsOpen: true),
        new("monitor.days", p => p.Monitor.Days, 7, 365, "lies between 7 and 365"),
        new("monitor.reference", p => p.Monitor.Reference, 100, 5_000, "lies between 100 and 5,000 observations"),
        new("monitor.window", p => p.Monitor.Window, 60, 2_000, "lies between 60 and 2,000 observations"),
        new("monitor.beginning", p => p.Monitor.Beginning, 100, 100_000, "lies between 100 and 100,000 passed parts"),
        new("audit.images", p => p.Audit.Images, 10, 10_000, "lies between 10 and 10,000"),
        new("audit.overlap", p => p.Audit.Overlap, 0, 1, "is a share between 0 and 1"),
        new("retrain.performance_below", p => p.Retrain.PerformanceBelow, 0, 1, "is a share between 0 and 1"),
        new("retrain.least_new_accepted", p => p.Retrain.LeastNewAccepted, 1, 1_000_000, "lies between 1 and 1,000,000"),
        new("retrain.pause_hours", p => p.Retrain.PauseHours, 0, 8_760, "lies between 0 and 8,760 (a year)"),
        new("retrain.minutes", p => p.Retrain.Minutes, 0, 10_080, "lies between 0 and 10,080 (a week)", IsOpen: true),
        new("retrain.steps", p => p.Retrain.Steps, 10, 10_000_000, "lies between 10 and 10,000,000, or is left out"),
        new("gate.margin", p => p.Gate.Margin, -0.2, 0.2, "lies between -0.2 and 0.2"),
        new("rollout.shadow_hours", p => p.Rollout.ShadowHours, 0, 8_760, "lies above 0 and at most 8,760: the gates want the latency that stations measure in shadow", IsOpen: true),
        new("rollout.canary_share", p => p.Rollout.CanaryShare, 0, 0.5, "is a share above 0 and at most 0.5", IsOpen: true),
        new("rollout.canary_hours", p => p.Rollout.CanaryHours, 0, 8_760, "lies between 0 (no canary) and 8,760"),
        new("rollout.least_frames", p => p.Rollout.LeastFrames, 50, 10_000_000, "lies between 50 and 10,000,000: fewer frames say nothing"),
        new("rollout.most_taken_back", p => p.Rollout.MostTakenBack, 0, 1000, "lies between 0 and 1,000"),
    ];
}
