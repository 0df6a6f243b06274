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
        foreach (PolicyBound bound in PolicyBounds.All)
            if (!bound.Holds(this))
                yield return (bound.Key, $"{bound.Key} {bound.Words}.");
        foreach ((string key, bool fits, string problem) in (IEnumerable<(string, bool, string)>)
        [
            ("evaluate.cron", CronExpression.TryParse(Evaluate.Cron, out _), "is a cron expression with seconds, such as \"0 0 2 * * ?\" for every night at two"),
            ("evaluate.newest_accepted", Evaluate.NewestAccepted >= Evaluate.LeastAccepted, "is at least evaluate.least_accepted"),
            ("retrain.new_accepted", Retrain.NewAccepted >= Retrain.LeastNewAccepted, "is at least retrain.least_new_accepted"),
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

    /// <summary>Instead of a time: the same model however busy the machine is. Null: <see cref="Minutes"/>.</summary>
    public int? Steps { get; init; }

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
