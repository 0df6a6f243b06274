using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift;

public class MaximumMeanDiscrepancyTests
{
    [Theory]
    [InlineData(20, 20, 3)]
    [InlineData(7, 30, 1)]
    [InlineData(13, 6, 33)]
    public void The_statistic_and_the_bandwidth_follow_their_definitions(int m, int n, int d)
    {
        FeatureMatrix x = Normal(m, d, 1, 0), y = Normal(n, d, 2, 0.3);
        double[][] pooled = [.. Enumerable.Range(0, m).Select(i => x.Row(i).ToArray()), .. Enumerable.Range(0, n).Select(i => y.Row(i).ToArray())];
        double[] distances = [.. from i in Enumerable.Range(0, m + n) from j in Enumerable.Range(i + 1, m + n - i - 1) orderby Distance(i, j) select Distance(i, j)];
        double sigma = distances[distances.Length / 2];
        double xx = Mean(0, m, 0, m, true), yy = Mean(m, m + n, m, m + n, true), xy = Mean(0, m, m, m + n, false);
        MmdResult actual = MaximumMeanDiscrepancy.Test(x, y, new MmdOptions(1, 19));
        Assert.Equal(sigma, actual.Bandwidth, 1e-12);
        Assert.Equal(xx + yy - 2 * xy, actual.Mmd2, 1e-12);

        double Distance(int i, int j) => Math.Sqrt(pooled[i].Zip(pooled[j], (a, b) => (a - b) * (a - b)).Sum());

        double Mean(int fromI, int toI, int fromJ, int toJ, bool withoutDiagonal) => (
            from i in Enumerable.Range(fromI, toI - fromI)
            from j in Enumerable.Range(fromJ, toJ - fromJ)
            where !withoutDiagonal || i != j
            select Math.Exp(-Distance(i, j) * Distance(i, j) / (2 * sigma * sigma))).Average();
    }

    [Fact]
    public void Permuted_statistics_are_those_of_the_permuted_samples()
    {
        const int m = 11, n = 8;
        FeatureMatrix x = Normal(m, 2, 1, 0), y = Normal(n, 2, 2, 0);
        RbfKernel kernel = RbfKernel.Of(x, y, 1.5, 1);
        double[] permuted = MmdSums.Of(kernel, m).Permuted(30, 5, 2);
        for (int b = 0; b < permuted.Length; b++)
        {
            SeededRandom random = new(5, (ulong)b);
            int[] order = [.. Enumerable.Range(0, m + n)];
            for (int i = 0; i < m; i++)
            {
                int j = i + random.Next(order.Length - i);
                (order[i], order[j]) = (order[j], order[i]);
            }
            double[] Rows(IEnumerable<int> rows) => [.. rows.SelectMany(r => (r < m ? x.Row(r) : y.Row(r - m)).ToArray())];
            MmdResult expected = MaximumMeanDiscrepancy.Test(new(m, 2, Rows(order[..m])), new(n, 2, Rows(order[m..])), new MmdOptions(0, 1, 1.5));
            Assert.Equal(expected.Mmd2, permuted[b], 1e-13);
        }
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        FeatureMatrix x = Normal(60, 8, 1, 0), y = Normal(50, 8, 2, 0.1);
        Assert.Equal(MaximumMeanDiscrepancy.Test(x, y, new MmdOptions(9, 199, MaxThreads: 1)), MaximumMeanDiscrepancy.Test(x, y, new MmdOptions(9, 199, MaxThreads: 4)));
    }

    [Fact]
    public void A_shift_or_a_change_of_spread_alone_is_found_and_its_absence_is_not()
    {
        Assert.Equal(1.0 / 200, MaximumMeanDiscrepancy.Test(Normal(150, 16, 1, 0), Normal(150, 16, 2, 0.3), new MmdOptions(3, 199)).PValue);
        Assert.Equal(1.0 / 200, MaximumMeanDiscrepancy.Test(Normal(150, 16, 1, 0), Normal(150, 16, 2, 0, 1.4), new MmdOptions(3, 199)).PValue);
    }

    [Fact]
    public void False_alarms_stay_near_their_nominal_rate()
    {
        const int runs = 300;
        int alarms = Enumerable.Range(0, runs).Count(r =>
            MaximumMeanDiscrepancy.Test(Normal(15, 4, 1000 + (ulong)r, 0), Normal(20, 4, 9000 + (ulong)r, 0), new MmdOptions((ulong)r, 99)).PValue <= 0.1);
        // Binomial(300, .1): 30 ± 5.2; both bounds are nearly 5 standard deviations away.
        Assert.InRange(alarms, 5, 55);
    }

    [Fact]
    public void Vectors_of_two_models_are_refused() => Assert.Contains("same model", Assert.Throws<ArgumentException>(() =>
        MaximumMeanDiscrepancy.Test(Normal(5, 3, 1, 0), Normal(5, 4, 1, 0), new MmdOptions(1))).Message, StringComparison.Ordinal);

    internal static FeatureMatrix Normal(int rows, int columns, ulong seed, double shift, double spread = 1)
    {
        SeededRandom random = new(seed);
        return new FeatureMatrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => shift + spread * random.NextNormal())]);
    }
}
