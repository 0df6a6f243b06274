using Perenne.Hub.Monitor;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Tests.Monitor;

public sealed class RateWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static IEnumerable<RateStep> Hours(ulong seed, int hours, int perHour, Func<int, double> rate)
    {
        SeededRandom random = new(seed);
        return [.. Enumerable.Range(0, hours).Select(h => new RateStep(Start.AddHours(h), perHour, Enumerable.Range(0, perHour).Count(_ => random.NextDouble() < rate(h))))];
    }

    // Exact: the largest rate under which so few hits have a chance of 1 %. Without a hit it is 1 - 0.01^(1/n).
    [Theory]
    [InlineData(0, 200, 0.02276)]
    [InlineData(0, 50, 0.08799)]
    [InlineData(10, 200, 0.09818)]
    [InlineData(200, 200, 0.998)]
    public void The_bound_is_the_upper_limit_of_the_beginning(long hits, long trials, double expected) => Assert.Equal(expected, RateWatch.UpperLimit(hits, trials), 1e-4);

    [Fact]
    public void A_rate_at_its_bound_raises_fewer_false_alarms_than_promised_although_every_hour_is_looked_at()
    {
        // Worst case: no beginning, the rate is the bound itself. One in 300 days was promised: at most 40 in 400 months.
        int alarms = Enumerable.Range(0, 400).Count(i => RateWatch.Of(Hours((ulong)i, 24 * 30, 10, _ => 0.05), 0.05, 300).IsAlarm);
        Assert.InRange(alarms, 1, 40);
    }

    [Fact]
    public void A_rate_that_rises_is_noticed_with_its_hour()
    {
        List<RateWatch> watches = [.. Enumerable.Range(0, 50).Select(i => RateWatch.Of(Hours((ulong)i, 200, 10, h => h < 100 ? 0.05 : 0.25), 200, 2700))];
        Assert.All(watches, w => Assert.True(w.IsAlarm));
        Assert.All(watches, w => Assert.InRange((w.Since!.Value - Start).TotalHours, 48, 120));
        Assert.InRange(watches.Average(w => (w.Since!.Value - Start).TotalHours), 80, 110);
    }

    [Fact]
    public void After_somebody_resolved_it_only_new_evidence_alarms_again()
    {
        List<RateStep> steps = [.. Hours(1, 200, 10, h => h is >= 100 and < 130 ? 0.4 : 0.05)];
        Assert.True(RateWatch.Of(steps, 200, 2700).IsAlarm);
        Assert.False(RateWatch.Of(steps, 200, 2700, Start.AddHours(130)).IsAlarm);
    }

    [Fact]
    public void What_is_said_in_the_hour_after_the_verdict_still_counts_and_more_than_all_cannot_be_wrong()
    {
        RateWatch watch = RateWatch.Of([new(Start, 5, 0), new(Start.AddHours(1), 0, 3), new(Start.AddHours(2), 2, 0), new(Start.AddHours(3), 2, 0)], 100, 2700);
        Assert.Equal((9, 3, null), (watch.Trials, watch.Hits, watch.Bound));
    }

    [Fact]
    public void The_mix_of_defects_is_set_right_by_the_confusions_of_the_model()
    {
        // Half of the true b are called a; production turns from half and half to b only.
        int[][] confusion = [[90, 0, 10], [50, 50, 0], [5, 5, 0]];
        IReadOnlyList<LabelShare>? mix = LabelMix.Estimate(["a", "b"], confusion,
            [.. Enumerable.Repeat("a", 150), .. Enumerable.Repeat("b", 50)], [.. Enumerable.Repeat("a", 100), .. Enumerable.Repeat("b", 100)]);

        Assert.NotNull(mix);
        Assert.Equal(["a", "b"], mix.Select(m => m.Class));
        Assert.Equal((0.5, 1.0), (mix[1].Before, mix[1].Now));
        Assert.Null(LabelMix.Estimate(["a", "b"], confusion, ["a"], ["b"]));
        Assert.Null(LabelMix.Estimate(["a", "b"], [[50, 50, 0], [50, 50, 0], [0, 0, 0]], Enumerable.Repeat("a", 50), Enumerable.Repeat("b", 50)));
    }
}
