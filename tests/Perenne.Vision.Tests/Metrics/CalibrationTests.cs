using CsCheck;
using Perenne.Vision.Metrics;

namespace Perenne.Vision.Tests.Metrics;

public class CalibrationTests
{
    [Fact]
    public void Expected_calibration_error_by_hand()
    {
        // Bin [0, .5]: mean .25, hit rate .5; bin (.5, 1]: mean .85, hit rate 1; half the scores each.
        double[] scores = [0.2, 0.3, 0.8, 0.9];
        bool[] right = [false, true, true, true];
        Assert.Equal(0.5 * 0.25 + 0.5 * 0.15, Reliability.ExpectedError(scores, right, bins: 2), 1e-12);
        Assert.Equal((0.04 + 0.49 + 0.04 + 0.01) / 4, Reliability.Brier(scores, right), 1e-12);
        Assert.Equal([2, 2], Reliability.Curve(scores, right, 2).Select(b => b.Count));
    }

    [Fact]
    public void A_score_on_a_border_belongs_to_the_bin_below_and_0_to_the_first() =>
        Assert.Equal([2, 1], Reliability.Curve([0, 0.5, 1], [false, true, true], 2).Select(b => b.Count));

    [Fact]
    public void Platt_scaling_meets_the_conditions_of_the_maximum() =>
        Gen.Select(Gen.Double[-4, 4], Gen.Double[0, 1]).Array[3, 60].Sample(points =>
        {
            double[] scores = [.. points.Select(p => p.Item1)];
            bool[] right = [.. points.Select(p => p.Item2 < 1 / (1 + Math.Exp(-p.Item1)))];
            PlattScaling fit = PlattScaling.Fit(scores, right);
            double positive = right.Count(r => r), negative = right.Length - positive;
            double[] errors = [.. scores.Select((s, i) => fit.Apply(s) - (right[i] ? (positive + 1) / (positive + 2) : 1 / (negative + 2)))];
            Assert.Equal(0, errors.Sum(), 1e-5);
            Assert.Equal(0, errors.Zip(scores, (e, s) => e * s).Sum(), 1e-5);
        });

    [Fact]
    public void Isotonic_calibration_pools_what_falls()
    {
        IsotonicCalibration fit = IsotonicCalibration.Fit([5, 3, 1, 4, 2], [true, false, false, true, true]);
        Assert.Equal([0, 0.25, 0.5, 0.5, 0.5, 0.75, 1, 1], new[] { 0, 1.5, 2, 2.5, 3, 3.5, 4, 9 }.Select(fit.Apply));
    }

    [Fact]
    public void Isotonic_calibration_never_falls_and_keeps_the_mean() =>
        Gen.Select(Gen.Int[0, 8], Gen.Bool).Array[1, 40].Sample(points =>
        {
            IsotonicCalibration fit = IsotonicCalibration.Fit([.. points.Select(p => (double)p.Item1)], [.. points.Select(p => p.Item2)]);
            double[] values = [.. Enumerable.Range(0, 17).Select(i => fit.Apply(i / 2.0))];
            Assert.Equal(values.Order(), values);
            Assert.Equal(points.Count(p => p.Item2), points.Sum(p => fit.Apply(p.Item1)), 1e-9);
        });

    [Fact]
    public void Classification_figures_by_hand()
    {
        int[] actual = [0, 0, 0, 1, 1, 2], predicted = [0, 0, 1, 1, 2, 1];
        Assert.Equal(3.0 / 6, Classification.Accuracy(actual, predicted));
        // F1: class 0: 2·2/(3+2); class 1: 2·1/(2+3); class 2: 0.
        Assert.Equal((4.0 / 5 + 2.0 / 5 + 0) / 3, Classification.MacroF1(actual, predicted), 1e-12);
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { false, false, true, true }, 0.75)]
    [InlineData(new[] { 0.5, 0.5 }, new[] { false, true }, 0.5)]
    [InlineData(new[] { 0.5, 0.6 }, new[] { true, true }, null)]
    public void Area_under_the_ROC_curve_by_hand(double[] scores, bool[] positive, double? expected) =>
        Assert.Equal(expected, Classification.AreaUnderRoc(scores, positive));

    [Fact]
    public void Regression_errors_by_hand()
    {
        Regression errors = Regression.Of([3, -0.5, 2, 7], [2.5, 0, 2, 8]);
        Assert.Equal(0.5, errors.MeanAbsoluteError, 1e-12);
        Assert.Equal(Math.Sqrt(1.5 / 4), errors.RootMeanSquareError, 1e-12);
        Assert.Equal(1 - 1.5 / 29.1875, errors.RSquared!.Value, 1e-12);
        Assert.Null(Regression.Of([2, 2], [1, 3]).RSquared);
    }
}
