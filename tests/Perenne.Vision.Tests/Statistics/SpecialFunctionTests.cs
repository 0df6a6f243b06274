using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Statistics;

/// <summary>Reference values to 15 digits and more from closed forms and DLMF tables.</summary>
public class SpecialFunctionTests
{
    [Theory]
    [InlineData(0.5, 0.57236494292470008707)]   // ln √π
    [InlineData(10, 12.801827480081469611)]     // ln 9!
    [InlineData(171, 706.57306224578734715)]    // ln 170!
    [InlineData(1e-3, 6.907178885383854)]
    [InlineData(1e6, 12815504.569147611)]
    public void Log_gamma_keeps_full_precision(double x, double expected) =>
        Assert.InRange(GammaFunctions.LogGamma(x) / expected, 1 - 4e-15, 1 + 4e-15);

    [Theory]
    [InlineData(1.959963984540054, 0.025)]
    [InlineData(0, 0.5)]
    [InlineData(6, 9.865876450376981e-10)]
    [InlineData(10, 7.619853024160527e-24)]
    [InlineData(37, 5.725571222524576e-300)]
    public void The_normal_tail_keeps_relative_precision(double z, double expected)
    {
        Assert.InRange(NormalDistribution.UpperTail(z) / expected, 1 - 1e-12, 1 + 1e-12);
        Assert.Equal(1, NormalDistribution.UpperTail(z) + NormalDistribution.UpperTail(-z), 1e-15);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.025)]
    [InlineData(0.5)]
    [InlineData(0.77)]
    public void The_normal_quantile_inverts_the_distribution(double p) =>
        Assert.InRange(NormalDistribution.Cdf(NormalDistribution.Quantile(p)) / p, 1 - 1e-12, 1 + 1e-12);

    [Theory]
    [InlineData(2, 3, 0.4, 0.5248)]             // 1 − Σ of a binomial: 6x²−8x³+3x⁴
    [InlineData(0.5, 0.5, 0.25, 1.0 / 3)]       // 2/π·asin √x
    [InlineData(1, 7, 0.01, 0.06793465209300999)]  // 1 − 0.99⁷
    public void The_incomplete_beta_function_agrees_with_its_closed_forms(double a, double b, double x, double expected)
    {
        Assert.Equal(expected, BetaFunctions.Regularized(a, b, x), 1e-14);
        Assert.Equal(1 - expected, BetaFunctions.Regularized(b, a, 1 - x), 1e-14);
    }

    [Fact]
    public void The_methods_for_the_Kolmogorov_law_meet_where_they_change()
    {
        foreach (int n in (int[])[141, 200, 400])
            for (double scaled = 0.3; scaled < 4; scaled += 0.17)
            {
                double d = Math.Sqrt(scaled / n);
                Assert.Equal(DurbinMatrix.Cdf(d, n), PelzGood.Cdf(d, n), 5e-6);
            }
        foreach (int n in (int[])[10, 50, 140])
        {
            double d = Math.Sqrt(4.0 / n);
            if (d < 0.5)
                Assert.Equal(2 * KolmogorovDistribution.OneSidedUpperTail(d, n), 1 - DurbinMatrix.Cdf(d, n), 1e-11);
        }
    }

    [Theory]
    [InlineData(0.274, 10, 0.37155)]  // Marsaglia, Tsang and Wang 2003, section 1: P(D₁₀ < .274) = .6284796154565…
    public void The_Kolmogorov_law_gives_the_published_example(double d, int n, double rough)
    {
        Assert.Equal(1 - 0.628479615456504275, KolmogorovDistribution.UpperTail(d, n), 1e-13);
        Assert.Equal(rough, KolmogorovDistribution.UpperTail(d, n), 1e-4);
    }

    [Theory]
    [InlineData(0.46136, 0.95)]   // Anderson and Darling 1952, table 1
    [InlineData(0.34730, 0.90)]
    [InlineData(0.74346, 0.99)]
    public void The_Cramer_von_Mises_limit_agrees_with_the_published_table(double x, double cdf) =>
        Assert.Equal(cdf, CramerVonMisesDistribution.LimitCdf(x), 1e-5);

    [Fact]
    public void Random_streams_are_frozen_and_do_not_depend_on_each_other()
    {
        SeededRandom first = new(7, 0), again = new(7, 0), other = new(7, 1);
        ulong[] numbers = [first.NextBits(), first.NextBits()];
        Assert.Equal(numbers, new[] { again.NextBits(), again.NextBits() });
        Assert.NotEqual(numbers[0], other.NextBits());
    }
}
