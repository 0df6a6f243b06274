using CsCheck;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Metrics;

public class InspectionTests
{
    private static readonly JudgedImage[] Images =
        [new(1, true, 0.9), new(2, true, 0.6), new(3, true, 0.2), new(4, false, 0.7), new(5, false, 0.1), new(6, false, double.NegativeInfinity)];

    [Theory]
    [InlineData(0.5, 1, 1)]
    [InlineData(0.6, 1, 1)]
    [InlineData(0.95, 3, 0)]
    [InlineData(0.05, 0, 2)]
    public void Escapes_and_overkills_are_counted_at_the_threshold(double threshold, int escaped, int overkilled) =>
        Assert.Equal(new InspectionRates(threshold, 3, escaped, 3, overkilled), InspectionRates.At(Images, threshold));

    [Fact]
    public void Every_point_of_the_curve_is_what_counting_at_its_threshold_gives() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 5], (bad, score) => new JudgedImage(0, bad, score)).Array[1, 30].Sample(images =>
            Assert.All(InspectionRates.Curve(images), point => Assert.Equal(point, InspectionRates.At(images, point.Threshold))));

    [Theory]
    // Costs per image by hand: 0.2 misses nothing and rejects one good image of six; at 1 % defects the line would rather pass two of three.
    [InlineData(10, 1, null, 0.2, 1.0 / 6)]
    [InlineData(10, 1, 0.01, 0.9, 0.01 * 2 / 3 * 10)]
    // With free escapes every threshold that rejects no good image costs nothing; the lowest of them is taken.
    [InlineData(0, 1, null, 0.9, 0)]
    public void The_threshold_of_least_cost(double escapeCost, double overkillCost, double? defectRate, double threshold, double cost)
    {
        ThresholdCost best = ThresholdChoice.LeastCost(Images, escapeCost, overkillCost, defectRate);
        Assert.Equal(threshold, best.Rates.Threshold);
        Assert.Equal(cost, best.CostPerImage, 1e-12);
    }

    [Fact]
    public void A_threshold_needs_good_and_defective_images() =>
        Assert.Contains("3 good and 0 defective", Assert.Throws<ArgumentException>(() => ThresholdChoice.LeastCost([.. Images.Skip(3)], 1, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Rates_without_images_of_their_kind_are_undefined()
    {
        InspectionRates rates = InspectionRates.At(Images.Take(3), 0.5);
        Assert.Null(rates.OverkillRate);
        Assert.Null(InspectionRates.Intervals([.. Images.Take(3)], 0.5, seed: 1).Overkill);
    }

    [Fact]
    public void Intervals_have_about_the_width_of_the_binomial_ones()
    {
        // 40 of 200 defective images escape: p = 0.2, standard error sqrt(.2 · .8 / 200) = 0.0283.
        JudgedImage[] images = [.. Enumerable.Range(0, 400).Select(i => new JudgedImage(i, i < 200, i < 40 ? 0 : 1))];
        Interval escape = InspectionRates.Intervals(images, 0.5, seed: 7, resamples: 2000).Escape!.Value;
        Assert.InRange(escape.Low, 0.2 - 0.0665, 0.2 - 0.0445);
        Assert.InRange(escape.High, 0.2 + 0.0445, 0.2 + 0.0665);
    }

    [Fact]
    public void A_report_splits_by_class_and_by_organization()
    {
        GroundTruth[] truth = [GroundTruth.OfBox(1, 1, default), GroundTruth.OfBox(2, 2, default)];
        // Image 1's open is found as a short, and so is rejected: not an escape. Image 3 is good and rejected for a short.
        Detection[] found = [new(1, 2, default, 0.9), new(3, 2, default, 0.8), new(3, 1, default, 0.1)];
        ImageEvidence[] evidence = ImageEvidence.Collect([(1, "Lyon"), (2, "Lyon"), (3, "Turin"), (4, "Turin")], truth, found);
        InspectionReport report = InspectionReport.Of(evidence, 0.5, seed: 1, resamples: 50);
        Assert.Equal(new InspectionRates(0.5, 2, 1, 2, 1), report.Overall.Rates);
        Assert.Equal(new InspectionRates(0.5, 1, 0, 2, 0), report.ByCategory[1].Rates);
        Assert.Equal(new InspectionRates(0.5, 1, 1, 2, 1), report.ByCategory[2].Rates);
        Assert.Equal(new InspectionRates(0.5, 2, 1, 0, 0), report.BySlice["Lyon"].Rates);
        Assert.Equal(new InspectionRates(0.5, 0, 0, 2, 1), report.BySlice["Turin"].Rates);
    }

    [Fact]
    public void A_model_that_is_better_on_every_image_is_better_and_one_that_is_alike_is_neither()
    {
        double[] a = [.. Enumerable.Range(0, 50).Select(i => (double)(i % 10))];
        PairedComparison better = PairedBootstrap.OfMeans(a, [.. a.Select(v => v + 0.1)], seed: 3)!;
        Assert.Equal(0.1, better.Difference, 1e-12);
        Assert.True(better.IsBetter);
        Assert.Equal(1, better.ProbabilityBetter);
        PairedComparison alike = PairedBootstrap.OfMeans(a, [.. a.Select((v, i) => v + (i % 2 == 0 ? 1 : -1))], seed: 3)!;
        Assert.False(alike.IsBetter || alike.IsWorse);
        Assert.InRange(alike.ProbabilityBetter, 0.35, 0.65);
        Assert.Equal(0.5, PairedBootstrap.OfMeans(a, a, seed: 3)!.ProbabilityBetter);
    }

    [Fact]
    public void The_same_seed_gives_the_same_comparison()
    {
        double[] a = [1, 2, 3, 4, 5], b = [2, 1, 4, 3, 7];
        Assert.Equal(PairedBootstrap.OfMeans(a, b, seed: 11), PairedBootstrap.OfMeans(a, b, seed: 11));
        Assert.Null(PairedBootstrap.OfMeans([], [], seed: 11));
    }
}
