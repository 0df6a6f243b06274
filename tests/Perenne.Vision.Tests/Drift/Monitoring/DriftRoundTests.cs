using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift.Monitoring;

public class DriftRoundTests
{
    private static readonly Dictionary<string, bool[]> NoHistory = [];
    private static readonly DriftOptions Options = new() { RoundsPerDay = 1, MaxThreads = 1 };

    [Fact]
    public void The_level_follows_from_the_budget()
    {
        AlarmBudget budget = new();
        // One alarm in 90 days, 4 looks a day, 2 flagged looks per alarm: 2 of 360.
        Assert.Equal(2.0 / 360, budget.LevelPerRound(4, new PersistenceRule(2, 3)), 1e-12);
        Assert.Equal(1.0 / 360, budget.LevelPerRound(4, new PersistenceRule(1, 1)), 1e-12);
        Assert.Equal(0.5 / 360, (budget with { Alarms = 0.5 }).LevelPerRound(4, new PersistenceRule(1, 1)), 1e-12);
        Assert.Equal(AlarmBudget.LoosestLevel, budget.LevelPerRound(0.1, new PersistenceRule(2, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => budget.LevelPerRound(0, PersistenceRule.Default));
    }

    [Fact]
    public void Rounds_in_which_nothing_changed_are_flagged_no_more_often_than_the_level()
    {
        const int rounds = 80;
        DriftOptions loose = Options with { RoundsPerDay = 0.1, MinimumEffect = 0, MaximumVectors = 60 };
        double level = loose.Budget.LevelPerRound(loose.RoundsPerDay, loose.Persistence);
        int flagged = Enumerable.Range(0, rounds).Count(r => DriftRound.Judge(
            [Production.Window("a", (ulong)(4 * r), 90, 70), Production.Window("b", (ulong)(4 * r + 2), 90, 70)], NoHistory, loose with { Seed = (ulong)r }).Cameras.Any(c => c.IsFlagged));
        Assert.Equal(0.05, level);
        // Binomial(80, 0.05): more than 11 happens once in a thousand runs.
        Assert.InRange(flagged, 0, 11);
    }

    [Fact]
    public void A_lamp_that_fails_moves_many_signals_and_is_one_cause()
    {
        DriftWindow window = Production.Window("a", 1, 300, 250, o => o.Brighter(0.8));
        CameraDrift drift = DriftRound.Judge([window, Production.Window("b", 3, 300, 250)], NoHistory, Options).Cameras[0];
        Assert.Equal(DriftCause.Lighting, drift.Cause);
        Assert.True(drift.Signals.Count(s => s.IsFlagged) >= 3, string.Join("\n", drift.Signals));
        Assert.StartsWith("brightness", drift.Signals[0].Signal, StringComparison.Ordinal);
        Assert.All(drift.Signals, s => Assert.True(s.CorrectedPValue >= s.PValue));
    }

    [Fact]
    public void Only_the_camera_that_changed_is_flagged()
    {
        DriftRound round = DriftRound.Judge([Production.Window("a", 1, 300, 250), Production.Window("b", 3, 300, 250, o => o.Brighter(0.8))], NoHistory, Options);
        Assert.Equal([false, true], round.Cameras.Select(c => c.IsFlagged));
    }

    [Fact]
    public void A_fact_of_the_pipeline_explains_whatever_else_moved()
    {
        DriftWindow window = Production.Window("a", 1, 300, 250, o => o.Brighter(0.8) with { Facts = new Dictionary<string, string> { ["size"] = "320 × 240" } });
        CameraDrift drift = DriftRound.Judge([window], NoHistory, Options).Cameras[0];
        Assert.Equal(DriftCause.Upstream, drift.Cause);
        SignalChange fact = drift.Signals.Single(s => s.Kind == SignalKind.Fact);
        Assert.Equal(("640 × 480", "320 × 240", 1.0), (fact.Reference, fact.Current, fact.Effect));
    }

    [Fact]
    public void New_content_and_new_findings_are_told_apart()
    {
        Assert.Equal(DriftCause.Content, CauseOf(o => o with { Features = o.Features.ToArray().Select((f, i) => i < 4 ? f + 3 : f).ToArray() }));
        Assert.Equal(DriftCause.Findings, CauseOf(o => o with { Classes = [.. o.Classes.Select(c => c == "dent" ? "rust" : c)] }));
        Assert.Equal(DriftCause.Findings, CauseOf(o => o with { Classes = [.. o.Classes, .. o.Classes], Scores = [.. o.Scores, .. o.Scores] }));
        Assert.Equal(DriftCause.Focus, CauseOf(o => o.With("sharpness", o.Scalars["sharpness"] * 0.5)));
        Assert.Equal(DriftCause.Noise, CauseOf(o => o.With("noise", o.Scalars["noise"] + 3)));

        static DriftCause? CauseOf(Func<ObservedSignals, ObservedSignals> change) =>
            DriftRound.Judge([Production.Window("a", 1, 300, 250, change)], NoHistory, Options).Cameras[0].Cause;
    }

    [Fact]
    public void A_difference_that_is_certain_but_tiny_is_not_flagged()
    {
        DriftWindow window = Production.Window("a", 1, 1500, 1500, o => o.With("entropy", o.Scalars["entropy"] + 0.015));
        SignalChange entropy = DriftRound.Judge([window], NoHistory, Options with { MaximumVectors = 100 }).Cameras[0].Signals.Single(s => s.Signal == "entropy");
        Assert.InRange(entropy.CorrectedPValue, 0, 0.05);
        Assert.InRange(entropy.Effect, 0.01, 0.0999);
        Assert.False(entropy.IsFlagged);
    }

    [Fact]
    public void Somebody_is_told_when_it_lasts()
    {
        DriftWindow window = Production.Window("a", 1, 300, 250, o => o.Brighter(0.8));
        bool Alarm(params bool[] earlier) => DriftRound.Judge([window], new Dictionary<string, bool[]> { ["a"] = earlier }, Options).Cameras[0].IsAlarm;
        Assert.False(Alarm());
        Assert.True(Alarm(true));
        Assert.True(Alarm(true, false));
        Assert.False(Alarm(true, false, false));
        Assert.False(DriftRound.Judge([Production.Window("a", 1, 300, 250)], new Dictionary<string, bool[]> { ["a"] = [true, true] }, Options).Cameras[0].IsAlarm);
    }

    [Fact]
    public void A_window_that_is_too_small_is_not_judged()
    {
        CameraDrift drift = DriftRound.Judge([Production.Window("a", 1, 300, 49, o => o.Brighter(0.5))], NoHistory, Options).Cameras[0];
        Assert.Empty(drift.Signals);
        Assert.False(drift.IsFlagged);
    }

    [Fact]
    public void The_same_seed_gives_the_same_report_on_any_number_of_threads()
    {
        DriftWindow window = Production.Window("a", 1, 200, 150, o => o.Brighter(0.97));
        DriftRound one = DriftRound.Judge([window], NoHistory, Options), two = DriftRound.Judge([window], NoHistory, Options with { MaxThreads = 2 });
        Assert.Equal(one.Cameras[0].Signals, two.Cameras[0].Signals);
    }

    [Fact]
    public void Neighbours_that_look_alike_count_once_and_strangers_never_do()
    {
        ObservedSignals Seen(ulong? hash) => new() { PerceptualHash = hash };
        ObservedSignals[] belt = [Seen(0b0), Seen(0b1), Seen(0b111), Seen(0b1111_0000), Seen(0b1111_0001), Seen(null), Seen(null), Seen(0b0)];
        // 0b111 lies 3 bits from the kept 0b0; 0b0 at the end still has it among the last four.
        Assert.Equal([0b0, 0b1111_0000, null, null], NearDuplicateNeighbours.Without(belt).Select(o => o.PerceptualHash));
        Assert.Equal(5, NearDuplicateNeighbours.Without(belt, lookBack: 1).Count);
        Assert.Equal([0b0, 0b1, 0b111, 0b1111_0000, 0b1111_0001, null, null, 0b0], NearDuplicateNeighbours.Without(belt, radius: 0).Select(o => o.PerceptualHash));
    }
}
