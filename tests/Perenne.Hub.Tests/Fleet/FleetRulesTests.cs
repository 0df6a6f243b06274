using Perenne.Hub.Fleet;

namespace Perenne.Hub.Tests.Fleet;

public sealed class FleetRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly FleetFacts Healthy = new()
    {
        Performance = new(0.95, 0.92, 0.97, 300, Now.AddDays(-1), true), LastImageAt = Now.AddMinutes(-5), ImagesThisWeek = 900, Judged = 3000, Usable = 2950,
        Accepted = 1200, AcceptedThisMonth = 200, Annotators = 4, Agreement = 0.87, TrainedAt = Now.AddDays(-9), NewestVersion = 3, ActiveVersion = 3, Stations = 2,
        Pace = new(Guid.Empty, "November", 800, 1500, 40, 35, new(2026, 12, 10), new(2026, 12, 12)),
    };

    private static FleetLevel Level(FleetFacts facts, FleetQuestion question) => FleetRules.Of(facts, Now).Single(c => c.Question == question).Level;

    [Fact]
    public void A_plant_in_order_is_green_in_every_column() => Assert.All(FleetRules.Of(Healthy, Now), cell => Assert.Equal(FleetLevel.Good, cell.Level));

    [Fact]
    public void A_new_plant_is_told_where_to_begin()
    {
        IReadOnlyList<FleetCell> cells = FleetRules.Of(new(), Now);
        Assert.Equal(Enum.GetValues<FleetQuestion>(), cells.Select(c => c.Question));
        Assert.Equal([FleetQuestion.FreshImages, FleetQuestion.Annotations], cells.Where(c => c.Level == FleetLevel.Act).Select(c => c.Question));
        Assert.DoesNotContain(cells, c => c.Level == FleetLevel.Good);
    }

    [Fact]
    public void A_bound_is_broken_when_the_whole_interval_is_below_it_and_doubtful_when_part_of_it_is()
    {
        Assert.Equal(FleetLevel.Act, Level(Healthy with { Performance = new(0.7, 0.6, 0.8, 100, Now, true) }, FleetQuestion.Performance));
        Assert.Equal(FleetLevel.Watch, Level(Healthy with { Performance = new(0.86, 0.8, 0.92, 30, Now, true) }, FleetQuestion.Performance));
        Assert.Equal(FleetLevel.Watch, Level(Healthy with { Performance = new(0.95, 0.93, 0.97, 30, Now.AddDays(-20), true) }, FleetQuestion.Performance));
        Assert.Equal(FleetLevel.Act, Level(Healthy with { Performance = null }, FleetQuestion.Performance));
    }

    [Theory]
    [InlineData(1, "Good")]
    [InlineData(3, "Watch")]
    [InlineData(8, "Act")]
    public void Images_that_stay_away_are_noticed(int days, string level) => Assert.Equal(Enum.Parse<FleetLevel>(level), Level(Healthy with { LastImageAt = Now.AddDays(-days) }, FleetQuestion.FreshImages));

    [Fact]
    public void An_open_drift_makes_the_quality_red_though_every_image_is_sharp() => Assert.Equal(FleetLevel.Act, Level(Healthy with { DriftIsOpen = true }, FleetQuestion.ImageQuality));

    [Fact]
    public void A_campaign_that_will_be_late_says_by_how_much()
    {
        FleetCell cell = FleetRules.Of(Healthy with { Pace = Healthy.Pace! with { DoneOn = new(2026, 12, 30) } }, Now).Single(c => c.Question == FleetQuestion.Pace);
        Assert.Equal(FleetLevel.Act, cell.Level);
        Assert.Contains("18 days late", cell.Words, StringComparison.Ordinal);
        Assert.Equal(FleetLevel.Act, Level(Healthy with { Pace = Healthy.Pace with { PerDay = 0 } }, FleetQuestion.Pace));
    }

    [Fact]
    public void A_newer_model_a_trial_and_a_silent_station_show_in_the_deployment()
    {
        Assert.Equal(FleetLevel.Watch, Level(Healthy with { NewestVersion = 4 }, FleetQuestion.Deployed));
        Assert.Equal(FleetLevel.Watch, Level(Healthy with { NewestVersion = 4, ComingVersion = 4 }, FleetQuestion.Deployed));
        Assert.Equal(FleetLevel.Act, Level(Healthy with { SilentStations = 1 }, FleetQuestion.Deployed));
        Assert.Equal(FleetLevel.Act, Level(Healthy with { ActiveVersion = null, Performance = null }, FleetQuestion.Deployed));
    }

    [Fact]
    public void Every_cell_leads_to_where_its_advice_is_followed()
    {
        FleetTarget Target(FleetFacts facts, FleetQuestion question) => FleetRules.Of(facts, Now).Single(c => c.Question == question).Target;
        Assert.Equal(FleetTarget.DriftReport, Target(Healthy with { DriftIsOpen = true }, FleetQuestion.ImageQuality));
        Assert.Equal(FleetTarget.FlaggedImages, Target(Healthy with { Usable = 2000 }, FleetQuestion.ImageQuality));
        Assert.Equal(FleetTarget.Contradictions, Target(Healthy with { Agreement = 0.4 }, FleetQuestion.Annotations));
        Assert.Equal(FleetTarget.Retraining, Target(Healthy with { Performance = new(0.7, 0.6, 0.8, 100, Now, true), IsRetraining = true }, FleetQuestion.Performance));
        Assert.Equal(FleetTarget.Stations, Target(Healthy with { SilentStations = 1 }, FleetQuestion.Deployed));
        Assert.Equal((FleetTarget.Monitor, FleetLevel.Act), (Target(Healthy with { SilentCameras = 1 }, FleetQuestion.FreshImages), Level(Healthy with { SilentCameras = 1 }, FleetQuestion.FreshImages)));
        Assert.Equal(FleetTarget.Campaigns, Target(Healthy with { Performance = null, AcceptedSinceTraining = 0 }, FleetQuestion.Performance));
        Assert.Equal(FleetTarget.Evaluations, Target(Healthy with { Performance = null, AcceptedSinceTraining = 40 }, FleetQuestion.Performance));
    }
}
