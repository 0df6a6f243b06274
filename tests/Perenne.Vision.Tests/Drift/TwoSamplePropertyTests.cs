using CsCheck;
using Perenne.Vision.Drift;

namespace Perenne.Vision.Tests.Drift;

/// <summary>What must hold for every pair of samples; exact p values against counting every arrangement.</summary>
public class TwoSamplePropertyTests
{
    private static readonly Gen<double> Value = Gen.Int[-20, 20].Select(i => i / 4.0);

    // Both sides of the sizes at which exact methods give way to limits.
    private static readonly Gen<double[]> Sample = Gen.OneOf(Value.Array[1, 9], Value.Array[21, 30]);

    [Fact]
    public void Every_p_value_lies_in_the_unit_interval_and_does_not_depend_on_which_sample_comes_first() =>
        Gen.Select(Sample, Sample).Sample((a, b) =>
        {
            foreach (Func<double[], double[], double> p in (Func<double[], double[], double>[])[
                (x, y) => KolmogorovSmirnov.Exact(x, y).PValue, (x, y) => KolmogorovSmirnov.Asymptotic(x, y).PValue,
                (x, y) => CramerVonMises.Test(x, y).PValue, (x, y) => MannWhitney.Test(x, y).PValue])
            {
                Assert.InRange(p(a, b), 0, 1);
                Assert.Equal(p(a, b), p(b, a), 1e-9);
            }
            Assert.Equal(Distances.Energy(a, b), Distances.Energy(b, a), 1e-12);
        }, iter: 300, threads: 2);

    [Fact]
    public void Moving_both_samples_together_changes_no_statistic() =>
        Gen.Select(Sample, Sample, Gen.Int[-8, 8]).Sample((a, b, shift) =>
        {
            double[] x = [.. a.Select(v => v + shift)], y = [.. b.Select(v => v + shift)];
            Assert.Equal(KolmogorovSmirnov.Statistic(a, b), KolmogorovSmirnov.Statistic(x, y));
            Assert.Equal(Distances.Wasserstein(a, b), Distances.Wasserstein(x, y), 1e-12);
            Assert.Equal(MannWhitney.Test(a, b), MannWhitney.Test(x, y));
        }, iter: 300, threads: 2);

    [Theory]
    [InlineData(3, 4)]
    [InlineData(5, 5)]
    [InlineData(2, 7)]
    [InlineData(6, 4)]
    public void Exact_p_values_agree_with_counting_every_arrangement(int m, int n)
    {
        List<(double Ks, double Cvm, double U, double[] A, double[] B)> all = [];
        for (int mask = 0; mask < 1 << (m + n); mask++)
        {
            if (int.PopCount(mask) != m)
                continue;
            double[] a = [.. Enumerable.Range(0, m + n).Where(i => (mask >> i & 1) == 1).Select(i => (double)i)];
            double[] b = [.. Enumerable.Range(0, m + n).Where(i => (mask >> i & 1) == 0).Select(i => (double)i)];
            double u = a.Sum(x => b.Count(y => y < x));
            all.Add((KolmogorovSmirnov.Statistic(a, b), CramerVonMises.Test(a, b).Statistic, Math.Abs(u - m * n / 2.0), a, b));
        }
        foreach (var observed in all)
        {
            Assert.Equal(Share(x => x.Ks >= observed.Ks - 1e-12), KolmogorovSmirnov.Exact(observed.A, observed.B).PValue, 1e-12);
            Assert.Equal(Share(x => x.Cvm >= observed.Cvm - 1e-12), CramerVonMises.Test(observed.A, observed.B).PValue, 1e-12);
            Assert.Equal(Share(x => x.U >= observed.U - 1e-12), MannWhitney.Test(observed.A, observed.B).PValue, 1e-12);
        }

        double Share(Func<(double Ks, double Cvm, double U, double[] A, double[] B), bool> extreme) =>
            (double)all.Count(extreme) / all.Count;
    }

    [Fact]
    public void Adjusted_p_values_keep_the_order_and_Holm_lies_between_the_others() =>
        Gen.Double[0, 1].Array[1, 40].Sample(p =>
        {
            double[] holm = MultipleTesting.Holm(p), bh = MultipleTesting.BenjaminiHochberg(p), bonferroni = MultipleTesting.Bonferroni(p);
            for (int i = 0; i < p.Length; i++)
            {
                Assert.InRange(holm[i], p[i], bonferroni[i] + 1e-15);
                Assert.InRange(bh[i], p[i] - 1e-15, holm[i] + 1e-15);
                for (int j = 0; j < p.Length; j++)
                    if (p[i] < p[j])
                        Assert.True(holm[i] <= holm[j] && bh[i] <= bh[j] && bonferroni[i] <= bonferroni[j]);
            }
        }, iter: 300, threads: 2);

    [Fact]
    public void A_stable_population_has_an_index_of_zero_and_a_shifted_one_is_above_the_customary_limit()
    {
        double[] reference = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)], shifted = [.. reference.Select(x => x + 0.4)];
        (double[] e, double[] same) = Divergences.QuantileBins(reference, reference);
        Assert.All(e, count => Assert.Equal(100, count));
        Assert.Equal(0, Divergences.PopulationStability(e, same), 1e-15);
        Assert.True(Divergences.PopulationStability(e, Divergences.QuantileBins(reference, shifted).Values) > 0.25);
    }

    [Fact]
    public void The_alarm_needs_two_of_the_last_three_windows_and_a_flagged_newest_one()
    {
        PersistenceRule rule = PersistenceRule.Default;
        Assert.False(rule.IsMet([true]));
        Assert.True(rule.IsMet([true, true]));
        Assert.True(rule.IsMet([true, false, true]));
        Assert.False(rule.IsMet([true, true, false]));
        Assert.False(rule.IsMet([true, false, false, true]));
    }

    [Fact]
    public void Bad_samples_are_refused_with_a_sentence()
    {
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Test([], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => Distances.Wasserstein([double.NaN], [1])).Message, StringComparison.Ordinal);
        Assert.Null(ContingencyTests.GTest([[3, 0], [4, 0]]));
    }
}
