using System.Text.Json;
using Perenne.Vision.Agreement;
using Perenne.Vision.Tests.Statistics;

namespace Perenne.Vision.Tests.Agreement;

/// <summary>200 rating tables with the figures of scikit-learn, statsmodels and fast-krippendorff; null = undefined.</summary>
public class CoefficientGoldenTests
{
    [Theory]
    [InlineData("cohen", KappaWeights.None)]
    [InlineData("cohen_linear", KappaWeights.Linear)]
    [InlineData("cohen_quadratic", KappaWeights.Quadratic)]
    public void Cohen_matches_scikit_learn(string name, KappaWeights weights) => Each(name, golden =>
    {
        int[][] ratings = Ratings(golden);
        return CohenKappa.Of(ratings[0], ratings[1], weights);
    });

    [Fact]
    public void Fleiss_matches_statsmodels() => Each("fleiss", golden => FleissKappa.Of(Ratings(golden)));

    [Theory]
    [InlineData("krippendorff_nominal", MeasurementLevel.Nominal)]
    [InlineData("krippendorff_ordinal", MeasurementLevel.Ordinal)]
    [InlineData("krippendorff_interval", MeasurementLevel.Interval)]
    public void Krippendorff_matches_fast_krippendorff_with_missing_ratings(string name, MeasurementLevel level) => Each(name, golden =>
    {
        double[][] missing = [.. golden.GetProperty("missing").EnumerateArray().Select(GoldenLines.Numbers)];
        return KrippendorffAlpha.Of([.. Ratings(golden).Select((row, r) => row.Select((v, i) => missing[r][i] == 1 ? double.NaN : v).ToArray())], level);
    });

    [Fact]
    public void The_ratio_level_agrees_with_the_definition_by_pairs()
    {
        // By hand: pairs (1,2), (3,3), (2,2), (4,1): Do and De from δ² = ((c−k)/(c+k))².
        double[] a = [1, 3, 2, 4], b = [2, 3, 2, 1], all = [1, 2, 3, 3, 2, 2, 4, 1];
        double observed = 2 * (Delta(1, 2) + Delta(4, 1)) / 8;
        double expected = (from i in Enumerable.Range(0, 8) from j in Enumerable.Range(0, 8) where i != j select Delta(all[i], all[j])).Sum() / (8 * 7);
        Assert.Equal(1 - observed / expected, KrippendorffAlpha.Of([a, b], MeasurementLevel.Ratio)!.Value, 1e-12);

        static double Delta(double c, double k) => (c - k) / (c + k) * ((c - k) / (c + k));
    }

    private static int[][] Ratings(JsonElement golden) =>
        [.. golden.GetProperty("ratings").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetInt32()).ToArray())];

    private static void Each(string name, Func<JsonElement, double?> actual)
    {
        int undefined = 0;
        foreach (JsonElement golden in GoldenLines.Read("agreement.jsonl"))
        {
            double? expected = golden.Optional(name), found = actual(golden);
            Assert.True(expected is null == found is null, $"case {golden.Number("case")}: expected {expected}, found {found}");
            if (expected is null)
                undefined++;
            else
                Assert.Equal(expected.Value, found!.Value, 1e-9);
        }
        Assert.True(undefined > 0, "The golden file holds degenerate cases.");
    }
}
