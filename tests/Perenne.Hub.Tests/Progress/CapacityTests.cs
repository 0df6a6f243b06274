using Perenne.Hub.Progress;

namespace Perenne.Hub.Tests.Progress;

public class CapacityTests
{
    [Fact]
    public void A_plan_can_be_checked_by_hand()
    {
        // 20 sites × 3 variants × 4 changes × 130 images = 31,200 a year = 600 a week; a fifth twice = 720 answers of a minute = 12 h,
        // a tenth of them reviewed in 50 s = 1 h: 13 h a week, of which a person gives 6.
        CapacityAnswer plan = CapacityPlan.Of(new(20, 3, 4, 130, 0.2, 2, 0.1, 60, 50, 6));
        Assert.Equal(31_200, plan.ImagesPerYear, 6);
        Assert.Equal(600, plan.ImagesPerWeek, 6);
        Assert.Equal(720, plan.AnswersPerWeek, 6);
        Assert.Equal(12, plan.AnnotationHoursPerWeek, 6);
        Assert.Equal(1, plan.ReviewHoursPerWeek, 6);
        Assert.Equal(3, plan.Annotators);
        Assert.Equal(13 / 3.0, plan.HoursPerAnnotator, 6);

        // A whole site at once: 3 × 130 images × 1.2 × 65 s = 8.45 h, beside 12.35 h of the other nineteen.
        Assert.Equal(4, plan.AnnotatorsAtOnce);
    }

    [Fact]
    public void Twice_the_time_for_an_image_is_twice_the_hours() =>
        Assert.Equal(2 * CapacityPlan.Of(new(SecondsPerImage: 30)).AnnotationHoursPerWeek, CapacityPlan.Of(new(SecondsPerImage: 60)).AnnotationHoursPerWeek, 9);

    [Theory]
    [InlineData(0, 60, 6, "sites")]
    [InlineData(1, 0.5, 6, "second")]
    [InlineData(1, 60, 0, "hours")]
    public void A_question_without_sense_is_named(int sites, double seconds, double hours, string names) =>
        Assert.Contains(names, new CapacityQuestion(Sites: sites, SecondsPerImage: seconds, HoursPerPerson: hours).Problem()!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(new double[] { 10, 20, 30 }, 20)]
    [InlineData(new double[] { 1, 1, 1, 500 }, 1)]
    [InlineData(new double[] { 3600 }, 3600)]
    public void A_median_read_from_the_steps_is_right_to_five_per_cent(double[] seconds, double median)
    {
        double read = PaceSteps.Median(seconds.Select(s => (PaceSteps.Of((long)(s * 1000)), 1)))!.Value;
        Assert.InRange(read / median, 0.95, 1.05);
    }

    [Fact]
    public void Without_answers_there_is_no_median() => Assert.Null(PaceSteps.Median([]));
}
