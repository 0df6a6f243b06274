using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift;

public class FleetDriftRuleTests
{
    [Fact]
    public void Six_hundred_tests_a_day_without_drift_raise_an_alert_on_hardly_any_day()
    {
        const int days = 1000;
        SeededRandom random = new(12);
        int uncorrected = 0, flaggedDays = 0;
        for (int day = 0; day < days; day++)
        {
            DriftMeasurement[] fleet = [.. Enumerable.Range(0, 600).Select(i => new DriftMeasurement($"camera-{i / 6}", $"m{i % 6}", random.NextDouble(), 1))];
            uncorrected += fleet.Count(m => m.PValue < 0.05);
            flaggedDays += new FleetDriftRule().Apply(fleet).IsEmpty ? 0 : 1;
        }
        // 30 false alerts a day without correction; with it at most 5 % of days have any, here with 4.5 standard deviations of room.
        Assert.InRange(uncorrected / (double)days, 28, 32);
        Assert.InRange(flaggedDays, 1, 50 + 31);
    }

    [Fact]
    public void A_drifting_camera_is_named_with_its_measure_and_a_tiny_difference_is_not()
    {
        SeededRandom random = new(5);
        List<DriftMeasurement> fleet = [.. Enumerable.Range(0, 600).Select(i => new DriftMeasurement($"camera-{i / 6}", $"m{i % 6}", random.NextDouble(), 0.2))];
        fleet[13] = new DriftMeasurement("camera-2", "sharpness", 1e-8, 0.4);
        fleet[14] = new DriftMeasurement("camera-2", "noise", 1e-9, 0.02);
        DriftFlag flag = Assert.Single(new FleetDriftRule().Apply(fleet));
        Assert.Equal("sharpness", flag.Measurement.Measure);
        Assert.Equal(5e-8, flag.MeasurePValue, 1e-15);
    }

    [Fact]
    public void An_empty_fleet_flags_nothing() => Assert.Empty(new FleetDriftRule().Apply([]));
}
