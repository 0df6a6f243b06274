using Quartz;

namespace Perenne.Hub.Automate;

/// <summary>
/// What a project's loop does by itself. People read and edit it as YAML (docs/policy.md); every version is kept. The defaults are careful:
/// nothing is deployed without a person until <see cref="RolloutPolicy.Automatic"/> says so.
/// </summary>
internal sealed record LoopPolicy
{
    public int Version { get; init; } = 1;

    /// <summary>False: facts are recorded, nothing is done.</summary>
    public bool Enabled { get; init; }

    public CollectPolicy Collect { get; init; } = new();

    public EvaluatePolicy Evaluate { get; init; } = new();

    public MonitorPolicy Monitor { get; init; } = new();

    public AuditPolicy Audit { get; init; } = new();

    public RetrainPolicy Retrain { get; init; } = new();

    public GatePolicy Gate { get; init; } = new();

    public RolloutPolicy Rollout { get; init; } = new();

    /// <summary>What is wrong, by the key as written in the document.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Version != 1)
            yield return ("version", "This hub reads version 1 of the policy.");
        foreach ((string key, bool fits, string problem) in (IEnumerable<(string, bool, string)>)
        [
            ("collect.top_up_below", Collect.TopUpBelow is >= 0 and <= 100_000, "is a number of free tasks, 0 (never) to 100,000"),
            ("collect.images_per_top_up", Collect.ImagesPerTopUp is >= 1 and <= 10_000, "lies between 1 and 10,000"),
            ("evaluate.cron", CronExpression.TryParse(Evaluate.Cron, out _), "is a cron expression with seconds, such as \"0 0 2 * * ?\" for every night at two"),
            ("evaluate.least_accepted", Evaluate.LeastAccepted is >= 10 and <= 100_000, "lies between 10 and 100,000: fewer images say nothing"),
            ("evaluate.newest_accepted", Evaluate.NewestAccepted >= Evaluate.LeastAccepted, "is at least evaluate.least_accepted"),
            ("monitor.false_alarms", Monitor.FalseAlarms is > 0 and <= 10, "is a number of alarms above 0 and at most 10"),
            ("monitor.days", Monitor.Days is >= 7 and <= 365, "lies between 7 and 365"),
            ("monitor.reference", Monitor.Reference is >= 100 and <= 5_000, "lies between 100 and 5,000 observations"),
            ("monitor.window", Monitor.Window is >= 60 and <= 2_000, "lies between 60 and 2,000 observations"),
            ("monitor.beginning", Monitor.Beginning is >= 100 and <= 100_000, "lies between 100 and 100,000 passed parts"),
            ("audit.images", Audit.Images is >= 10 and <= 10_000, "lies between 10 and 10,000"),
            ("audit.overlap", Audit.Overlap is >= 0 and <= 1, "is a share between 0 and 1"),
            ("retrain.performance_below", Retrain.PerformanceBelow is >= 0 and <= 1, "is a share between 0 and 1"),
            ("retrain.least_new_accepted", Retrain.LeastNewAccepted is >= 1 and <= 1_000_000, "lies between 1 and 1,000,000"),
            ("retrain.new_accepted", Retrain.NewAccepted >= Retrain.LeastNewAccepted, "is at least retrain.least_new_accepted"),
            ("retrain.pause_hours", Retrain.PauseHours is >= 0 and <= 8_760, "lies between 0 and 8,760 (a year)"),
            ("retrain.minutes", Retrain.Minutes is > 0 and <= 10_080, "lies between 0 and 10,080 (a week)"),
            ("gate.margin", Gate.Margin is >= -0.2 and <= 0.2, "lies between -0.2 and 0.2"),
            ("rollout.shadow_hours", Rollout.ShadowHours is > 0 and <= 8_760, "lies above 0 and at most 8,760: the gates want the latency that stations measure in shadow"),
            ("rollout.canary_share", Rollout.CanaryShare is > 0 and <= 0.5, "is a share above 0 and at most 0.5"),
            ("rollout.canary_hours", Rollout.CanaryHours is >= 0 and <= 8_760, "lies between 0 (no canary) and 8,760"),
            ("rollout.least_frames", Rollout.LeastFrames is >= 50 and <= 10_000_000, "lies between 50 and 10,000,000: fewer frames say nothing"),
            ("rollout.most_taken_back", Rollout.MostTakenBack is >= 0 and <= 1000, "lies between 0 and 1,000"),
        ])
        {
            if (!fits)
                yield return (key, $"{key} {problem}.");
        }
    }
}

internal sealed record CollectPolicy
{
    /// <summary>When a running campaign has fewer free tasks, images are taken from the pool; 0: never.</summary>
    public int TopUpBelow { get; init; } = 20;

    /// <summary>How many at a time.</summary>
    public int ImagesPerTopUp { get; init; } = 100;
}

internal sealed record EvaluatePolicy
{
    /// <summary>When every deployed version is measured, in the organization's time zone.</summary>
    public string Cron { get; init; } = "0 0 2 * * ?";

    /// <summary>On how many of the newest accepted images, at most.</summary>
    public int NewestAccepted { get; init; } = 300;

    /// <summary>Fewer than this are not evaluated.</summary>
    public int LeastAccepted { get; init; } = 30;
}

/// <summary>How production is compared with its beginning; the thresholds follow from the budget of false alarms.</summary>
internal sealed record MonitorPolicy
{
    /// <summary>So many false alarms an organization puts up with …</summary>
    public double FalseAlarms { get; init; } = 1;

    /// <summary>… in so many days.</summary>
    public int Days { get; init; } = 90;

    /// <summary>Observations of a camera that everything later is compared with.</summary>
    public int Reference { get; init; } = 500;

    /// <summary>Observations that are judged at a time.</summary>
    public int Window { get; init; } = 250;

    /// <summary>Parts that a new version passes before a rise of objections can be told; a fifth of it rejected, a twentieth audited.</summary>
    public int Beginning { get; init; } = 1000;
}

internal sealed record AuditPolicy
{
    /// <summary>A confirmed drift opens a campaign over a random sample of the drifted period.</summary>
    public bool OnDrift { get; init; } = true;

    /// <summary>Its size in images.</summary>
    public int Images { get; init; } = 60;

    /// <summary>Share of its images annotated twice.</summary>
    public double Overlap { get; init; } = 0.2;
}

internal sealed record RetrainPolicy
{
    /// <summary>Retrains when the upper end of the measured performance's interval is below this and enough new annotations exist.</summary>
    public double PerformanceBelow { get; init; } = 0.85;

    /// <summary>"Enough" for that case.</summary>
    public int LeastNewAccepted { get; init; } = 40;

    /// <summary>Retrains anyway once so many new accepted images exist.</summary>
    public int NewAccepted { get; init; } = 500;

    /// <summary>Hours that must lie between two trainings.</summary>
    public double PauseHours { get; init; } = 24;

    /// <summary>Training time.</summary>
    public double Minutes { get; init; } = 15;

    /// <summary>Starts from the champion's weights.</summary>
    public bool WarmStart { get; init; } = true;
}

internal sealed record GatePolicy
{
    /// <summary>The new version's mean AP must exceed the champion's by this on the frozen test split (negative: may lose so much).</summary>
    public double Margin { get; init; }
}

internal sealed record RolloutPolicy
{
    /// <summary>False: a person presses the button for each stage.</summary>
    public bool Automatic { get; init; }

    /// <summary>Hours that it watches before it decides anything.</summary>
    public double ShadowHours { get; init; } = 24;

    /// <summary>Share of the frames that the canary decides.</summary>
    public double CanaryShare { get; init; } = 0.1;

    /// <summary>Hours as canary before it decides all; 0: no canary.</summary>
    public double CanaryHours { get; init; } = 24;

    /// <summary>Frames judged in each stage before the next.</summary>
    public int LeastFrames { get; init; } = 200;

    /// <summary>More organizations than this that took the version back stop it everywhere.</summary>
    public int MostTakenBack { get; init; }
}
