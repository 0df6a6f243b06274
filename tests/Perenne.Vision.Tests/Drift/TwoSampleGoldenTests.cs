using System.Text.Json;
using Perenne.Vision.Drift;
using Perenne.Vision.Tests.Statistics;

namespace Perenne.Vision.Tests.Drift;

/// <summary>200 pairs of samples with the figures of scipy 1.10.</summary>
public class TwoSampleGoldenTests
{
    private const double Statistic = 1e-9, P = 1e-7;

    private static void Each(Action<JsonElement, double[], double[]> check)
    {
        foreach (JsonElement golden in GoldenLines.Read("two-sample.jsonl"))
            check(golden, golden.GetProperty("a").Numbers(), golden.GetProperty("b").Numbers());
    }

    [Fact]
    public void Kolmogorov_Smirnov_matches_scipy() => Each((golden, a, b) =>
    {
        TwoSampleResult asymptotic = KolmogorovSmirnov.Asymptotic(a, b);
        Assert.Equal(golden.Number("ks"), asymptotic.Statistic, Statistic);
        Assert.Equal(golden.Number("ks_p_asymptotic"), asymptotic.PValue, P);
    });

    [Fact]
    public void Exact_Kolmogorov_Smirnov_matches_scipy() => Each((golden, a, b) =>
    {
        if (golden.Optional("ks_p_exact") is not { } expected)
            return;
        double actual = KolmogorovSmirnov.Exact(a, b).PValue;
        Assert.Equal(expected, actual, P);
        Assert.InRange(actual / expected, 1 - 1e-6, 1 + 1e-6);
    });

    [Fact]
    public void Cramer_von_Mises_matches_scipy() => Each((golden, a, b) =>
    {
        TwoSampleResult actual = CramerVonMises.Test(a, b);
        Assert.Equal(golden.Number("cvm"), actual.Statistic, Statistic);
        Assert.Equal(golden.Number("cvm_p"), actual.PValue, P);
    });

    [Fact]
    public void Mann_Whitney_matches_scipy_also_in_its_small_tail() => Each((golden, a, b) =>
    {
        double expected = golden.Number("mannwhitney_p"), actual = MannWhitney.Asymptotic(a, b).PValue;
        Assert.Equal(expected, actual, P);
        Assert.InRange(actual / expected, 1 - 1e-9, 1 + 1e-9);
    });

    [Fact]
    public void Wasserstein_matches_scipy() => Each((golden, a, b) =>
        Assert.Equal(golden.Number("wasserstein"), Distances.Wasserstein(a, b), Statistic));

    [Fact]
    public void Tables_of_counts_match_scipy_also_in_the_small_tail()
    {
        foreach (JsonElement golden in GoldenLines.Read("two-sample.jsonl"))
        {
            double[][] table = [.. golden.GetProperty("table").EnumerateArray().Select(GoldenLines.Numbers)];
            Check(golden, "chi2", ContingencyTests.ChiSquare(table));
            Check(golden, "g", ContingencyTests.GTest(table));
            Assert.Equal(golden.Number("jensen_shannon_base2"), Divergences.JensenShannonDistance(table[0], table[1]), Statistic);
        }

        static void Check(JsonElement golden, string name, ContingencyResult? actual)
        {
            Assert.NotNull(actual);
            Assert.Equal(golden.Number(name), actual.Statistic, Statistic);
            Assert.Equal(golden.Number("chi2_dof"), actual.DegreesOfFreedom);
            Assert.InRange(actual.PValue / golden.Number(name + "_p"), 1 - 1e-9, 1 + 1e-9);
        }
    }

    [Fact]
    public void Adjusted_p_values_match_statsmodels()
    {
        foreach (JsonElement golden in GoldenLines.Read("multiple-testing.jsonl"))
        {
            double[] p = golden.GetProperty("p").Numbers();
            Same(golden.GetProperty("holm").Numbers(), MultipleTesting.Holm(p));
            Same(golden.GetProperty("bh").Numbers(), MultipleTesting.BenjaminiHochberg(p));
            Same(golden.GetProperty("bonferroni").Numbers(), MultipleTesting.Bonferroni(p));
        }

        static void Same(double[] expected, double[] actual)
        {
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-12);
        }
    }
}
