using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift;

public class ProjectionAndLabelShiftTests
{
    [Theory]
    [InlineData(200, 12, 5)]
    [InlineData(15, 60, 32)]
    [InlineData(300, 100, 8)]
    public void Components_are_orthonormal_eigenvectors_of_the_covariance(int rows, int columns, int components)
    {
        FeatureMatrix data = Spread(rows, columns);
        PrincipalComponents fit = PrincipalComponents.Fit(data, components);
        Assert.Equal(Math.Min(components, Math.Min(columns, rows - 1)), fit.Variances.Count);
        double[] mean = [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Average(r => data.Row(r)[c]))];
        for (int i = 0; i < fit.Axes.Count; i++)
        {
            for (int j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, fit.Axes[i].Zip(fit.Axes[j], (a, b) => a * b).Sum(), 1e-10);
            double[] image = new double[columns];
            for (int r = 0; r < rows; r++)
            {
                double[] row = data.Row(r).ToArray();
                double along = row.Select((x, c) => (x - mean[c]) * fit.Axes[i][c]).Sum() / (rows - 1);
                for (int c = 0; c < columns; c++)
                    image[c] += along * (row[c] - mean[c]);
            }
            for (int c = 0; c < columns; c++)
                Assert.Equal(fit.Variances[i] * fit.Axes[i][c], image[c], 1e-4 * fit.Variances[0]);
        }
        Assert.Equal(fit.Variances.OrderDescending(), fit.Variances);
        Assert.InRange(fit.Variances.Sum(), 0, fit.TotalVariance * (1 + 1e-9));
    }

    [Fact]
    public void Projections_of_the_fitted_data_have_the_variances_and_no_correlation()
    {
        FeatureMatrix data = Spread(150, 20);
        PrincipalComponents fit = PrincipalComponents.Fit(data, 4);
        FeatureMatrix projected = fit.Project(data);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                Assert.Equal(i == j ? fit.Variances[i] : 0,
                    Enumerable.Range(0, 150).Sum(r => projected.Row(r)[i] * projected.Row(r)[j]) / 149, 1e-6 * fit.Variances[0]);
    }

    [Fact]
    public void Equal_vectors_have_no_component() =>
        Assert.Empty(PrincipalComponents.Fit(new FeatureMatrix(5, 3, [.. Enumerable.Repeat(2.0, 15)]), 2).Variances);

    [Fact]
    public void Label_shift_finds_the_shares_that_made_the_predictions()
    {
        // P(predicted | true) in the columns; labelled shares .7/.2/.1, true current shares .2/.5/.3.
        double[,] given = { { .9, .1, .05 }, { .07, .8, .15 }, { .03, .1, .8 } };
        double[] before = [.7, .2, .1], now = [.2, .5, .3];
        double[,] confusion = new double[3, 3];
        double[] predicted = new double[3];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
            {
                confusion[i, j] = 1000 * given[i, j] * before[j];
                predicted[i] += 400 * given[i, j] * now[j];
            }
        LabelShiftEstimate estimate = LabelShift.Estimate(confusion, predicted)!;
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(before[j], estimate.Source[j], 1e-12);
            Assert.Equal(now[j], estimate.Target[j], 1e-12);
        }
    }

    [Fact]
    public void A_model_that_cannot_tell_classes_apart_gives_no_estimate() =>
        Assert.Null(LabelShift.Estimate(new double[,] { { 10, 10 }, { 5, 5 } }, [3, 4]));

    private static FeatureMatrix Spread(int rows, int columns)
    {
        SeededRandom random = new(11);
        return new FeatureMatrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => 3 + random.NextNormal() * Math.Pow(0.8, i % columns))]);
    }
}
