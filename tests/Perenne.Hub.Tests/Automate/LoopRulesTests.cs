using Perenne.Hub.Automate;

namespace Perenne.Hub.Tests.Automate;

public sealed class LoopRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);
    private static readonly Guid Model = Guid.CreateVersion7(Now), Lyon = Guid.CreateVersion7(Now.AddSeconds(1));
    private static readonly LoopPolicy On = new() { Enabled = true };

    private static OrganizationFacts Quiet(Guid? id = null) =>
        new(id ?? Lyon, "Lyon", "Europe/Paris", null, 0, 0, 0, Model, Now.AddHours(-1), 100, new(0.93, 0.90, 0.96, 100), null, false);

    private static LoopFacts Facts(params OrganizationFacts[] organizations) => new(Guid.NewGuidFor("p"), Model, Now.AddDays(-10), false, organizations);

    [Fact]
    public void A_project_in_order_needs_nothing() => Assert.Empty(LoopRules.Of(On, Facts(Quiet()), Now));

    [Fact]
    public void A_policy_that_is_off_does_nothing_whatever_the_facts() =>
        Assert.Empty(LoopRules.Of(new(), Facts(Quiet() with { Drift = Lyon, Performance = new(0.2, 0.1, 0.3, 100), NewAccepted = 900 }), Now));

    [Fact]
    public void A_broken_bound_retrains_only_when_it_is_surely_broken_and_there_is_something_new_to_learn_from()
    {
        OrganizationFacts unsure = Quiet() with { Performance = new(0.80, 0.70, 0.90, 30), NewAccepted = 60 };
        OrganizationFacts poor = Quiet() with { Performance = new(0.70, 0.64, 0.76, 200), NewAccepted = 5 };
        Assert.Empty(LoopRules.Of(On, Facts(unsure), Now));
        Assert.Empty(LoopRules.Of(On, Facts(poor), Now));
        LoopStep step = Assert.Single(LoopRules.Of(On, Facts(unsure, poor with { NewAccepted = 60 }), Now));
        Assert.Equal((FlowKind.Retrain, $"retrain:{Model}:{Now.AddDays(-10).ToUnixTimeSeconds()}"), (step.Kind, step.Key));
    }

    [Fact]
    public void Enough_new_annotations_retrain_but_not_during_the_pause_or_beside_another_retraining()
    {
        LoopFacts facts = Facts(Quiet() with { NewAccepted = 300 }, Quiet(Model) with { NewAccepted = 200 });
        Assert.Equal(FlowKind.Retrain, Assert.Single(LoopRules.Of(On, facts, Now)).Kind);
        Assert.Empty(LoopRules.Of(On, facts with { TrainedAt = Now.AddHours(-23) }, Now));
        Assert.Empty(LoopRules.Of(On, facts with { RetrainIsOpen = true }, Now));
        Assert.Empty(LoopRules.Of(On, facts with { Champion = null }, Now));
    }

    [Fact]
    public void A_drift_is_audited_once()
    {
        Guid alert = Guid.NewGuidFor("alert");
        LoopStep step = Assert.Single(LoopRules.Of(On, Facts(Quiet() with { Drift = alert }), Now));
        Assert.Equal((FlowKind.Audit, $"audit:{alert}"), (step.Kind, step.Key));
        Assert.Empty(LoopRules.Of(On, Facts(Quiet() with { Drift = alert, DriftIsAudited = true }), Now));
    }

    [Fact]
    public void The_nightly_measurement_follows_the_clock_of_the_organization_and_happens_once_a_night()
    {
        OrganizationFacts due = Quiet() with { EvaluatedAt = Now.AddDays(-1) };
        LoopStep first = Assert.Single(LoopRules.Of(On, Facts(due), Now));
        Assert.Equal(FlowKind.Evaluate, first.Kind);
        Assert.Equal(first.Key, Assert.Single(LoopRules.Of(On, Facts(due), Now.AddMinutes(10))).Key);
        // Two at night in Los Angeles is ten in the morning UTC.
        Assert.Empty(LoopRules.Of(On, Facts(due with { Zone = "America/Los_Angeles", EvaluatedAt = Now.AddHours(-16) }), Now));
        Assert.Empty(LoopRules.Of(On, Facts(due with { AcceptedForEvaluation = 10 }), Now));
        // Nothing was accepted since: the same images would give the same figure.
        Assert.Empty(LoopRules.Of(On, Facts(due with { HasUnmeasured = false }), Now));
    }

    [Fact]
    public void A_queue_that_runs_low_is_topped_up_while_the_pool_has_images()
    {
        OrganizationFacts low = Quiet() with { Campaign = Lyon, FreeTasks = 3, PoolImages = 50 };
        Assert.Equal(FlowKind.TopUp, Assert.Single(LoopRules.Of(On, Facts(low), Now)).Kind);
        Assert.Empty(LoopRules.Of(On, Facts(low with { PoolImages = 0 }), Now));
        Assert.Empty(LoopRules.Of(On, Facts(low with { FreeTasks = 20 }), Now));
    }

    [Fact]
    public void A_dry_run_replays_the_recorded_hours_with_the_very_same_rules()
    {
        long start = Now.AddDays(-5).ToUnixTimeSeconds() / 3600;
        Guid alert = Guid.NewGuidFor("alert");
        FactsSnapshot[] past = [.. Enumerable.Range(0, 24 * 5).Select(h => new FactsSnapshot
        {
            OrganizationId = Lyon, ProjectId = Model, Hour = start + h,
            Facts = new(Model, Now.AddDays(-30), false, Quiet() with { Drift = h >= 30 ? alert : null, EvaluatedAt = null, Performance = h >= 60 ? new(0.6, 0.5, 0.7, 80) : null, NewAccepted = 80 }),
        })];
        DryRunAnswer answer = DryRun.Replay(On, Model, past);
        Assert.Equal(120, answer.Kept);
        Assert.Single(answer.Steps, s => s.Kind == FlowKind.Audit);
        Assert.Equal(6, answer.Steps.Count(s => s.Kind == FlowKind.Evaluate)); // Overdue at the start, then every night.
        Assert.InRange(answer.Steps.Count(s => s.Kind == FlowKind.Retrain), 2, 3); // 60 hours with a pause of 24.
    }
}

file static class Ids
{
    extension(Guid)
    {
        /// <summary>The same id for the same name.</summary>
        public static Guid NewGuidFor(string name) => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }
}
