using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift;

public class ProportionEProcessTests
{
    [Theory]
    [InlineData(0.1, ProportionChange.Above)]
    [InlineData(0.02, ProportionChange.Above)]
    [InlineData(0.9, ProportionChange.Below)]
    public void Looking_after_every_observation_keeps_the_rate_of_false_alarms(double bound, ProportionChange change)
    {
        const int runs = 400, length = 400;
        const double alpha = 0.1;
        int alarms = Enumerable.Range(0, runs).Count(r => After(new(bound, change), bound, length, (ulong)r).IsAlarm(alpha));
        // At most α in truth; 4.5 standard deviations of Binomial(400, .1) above.
        Assert.InRange(alarms, 0, 40 + 27);
        Assert.True(alarms > 0, "A test that never errs under the hypothesis' edge is not betting.");
    }

    [Fact]
    public void A_real_change_is_found_within_a_few_hundred_observations()
    {
        Assert.All(Enumerable.Range(0, 20), r =>
        {
            Assert.True(After(new(0.05, ProportionChange.Above), 0.15, 400, (ulong)r).IsAlarm(0.01));
            Assert.True(After(new(0.95, ProportionChange.Below), 0.85, 400, (ulong)r).IsAlarm(0.01));
        });
    }

    [Fact]
    public void The_expected_wealth_after_every_short_history_is_one_at_the_bound_and_less_inside()
    {
        foreach (double truth in (double[])[0.3, 0.2, 0.05])
        {
            double expected = 0;
            for (int history = 0; history < 1 << 10; history++)
            {
                ProportionEProcess process = new(0.3, ProportionChange.Above);
                double chance = 1;
                for (int i = 0; i < 10; i++)
                {
                    bool success = (history >> i & 1) == 1;
                    chance *= success ? truth : 1 - truth;
                    process = process.Observe(success);
                }
                expected += chance * process.EValue;
            }
            if (truth == 0.3)
                Assert.Equal(1, expected, 1e-10);
            else
                Assert.InRange(expected, 0, 1);
        }
    }

    [Fact]
    public void An_alarm_once_raised_stands()
    {
        ProportionEProcess process = new(0.05, ProportionChange.Above);
        for (int i = 0; i < 10; i++)
            process = process.Observe(true);
        Assert.True(process.IsAlarm(0.01));
        double p = process.AnytimePValue;
        for (int i = 0; i < 3000; i++)
            process = process.Observe(false);
        Assert.True(process.IsAlarm(0.01));
        Assert.Equal(p, process.AnytimePValue);
        Assert.InRange(process.EValue, 0, 1e-3);
    }

    [Fact]
    public void All_intervals_of_the_confidence_sequence_hold_the_truth_at_once_and_shrink()
    {
        const int runs = 200;
        int missed = 0;
        for (int r = 0; r < runs; r++)
        {
            SeededRandom random = new(77, (ulong)r);
            ProportionConfidenceSequence sequence = new(0.1);
            for (int i = 0; i < 400; i++)
                sequence = sequence.Observe(random.NextDouble() < 0.2);
            // Intersected over time: missing once is missing for ever.
            if (sequence.Interval is not { } interval || !interval.Contains(0.2))
                missed++;
            else
                Assert.InRange(interval.High - interval.Low, 0.02, 0.25);
        }
        Assert.InRange(missed, 0, 20 + 19);
    }

    private static ProportionEProcess After(ProportionEProcess process, double truth, int length, ulong stream)
    {
        SeededRandom random = new(2026, stream);
        for (int i = 0; i < length; i++)
            process = process.Observe(random.NextDouble() < truth);
        return process;
    }
}
