using CsCheck;
using Perenne.Vision.Agreement;

namespace Perenne.Vision.Tests.Agreement;

public class CoefficientPropertyTests
{
    private static readonly Gen<int[][]> Ratings =
        Gen.Select(Gen.Int[2, 6], Gen.Int[2, 20]).SelectMany((raters, items) => Gen.Int[0, 3].Array[items].Array[raters]);

    private static readonly MeasurementLevel[] Levels = Enum.GetValues<MeasurementLevel>();

    [Fact]
    public void Identical_raters_agree_perfectly_unless_they_only_know_one_category() =>
        Gen.Int[0, 3].Array[2, 30].Sample(rater =>
        {
            double? expected = rater.Distinct().Count() == 1 ? null : 1;
            foreach (KappaWeights weights in Enum.GetValues<KappaWeights>())
                Assert.Equal(expected, CohenKappa.Of(rater, rater, weights));
            Assert.Equal(expected, FleissKappa.Of([rater, rater, rater]) is { } kappa ? Math.Round(kappa, 12) : null);
            foreach (MeasurementLevel level in Levels)
                Assert.Equal(expected, KrippendorffAlpha.Of([Values(rater), Values(rater)], level));
        }, iter: 300, threads: 2);

    [Fact]
    public void Neither_the_order_of_items_nor_that_of_raters_changes_a_coefficient() =>
        Gen.Select(Ratings, Gen.Int[0, 1000]).Sample((ratings, seed) =>
        {
            int[] order = [.. Enumerable.Range(0, ratings[0].Length)];
            new Random(seed).Shuffle(order);
            int[][] other = [.. ratings.Reverse().Select(row => order.Select(i => row[i]).ToArray())];
            Same(FleissKappa.Of(ratings), FleissKappa.Of(other));
            Same(CohenKappa.Of(ratings[0], ratings[1]), CohenKappa.Of(other[^1], other[^2]));
            foreach (MeasurementLevel level in Levels)
                Same(KrippendorffAlpha.Of([.. ratings.Select(Values)], level), KrippendorffAlpha.Of([.. other.Select(Values)], level));
        }, iter: 300, threads: 2);

    [Fact]
    public void Renaming_categories_changes_no_nominal_coefficient() => Ratings.Sample(ratings =>
    {
        int[] names = [7, 2, 9, 4];
        int[][] renamed = [.. ratings.Select(row => row.Select(v => names[v]).ToArray())];
        Same(CohenKappa.Of(ratings[0], ratings[1]), CohenKappa.Of(renamed[0], renamed[1]));
        Same(FleissKappa.Of(ratings), FleissKappa.Of(renamed));
        Same(KrippendorffAlpha.Of([.. ratings.Select(Values)], MeasurementLevel.Nominal),
            KrippendorffAlpha.Of([.. renamed.Select(Values)], MeasurementLevel.Nominal));
    }, iter: 300, threads: 2);

    private static double[] Values(int[] ratings) => [.. ratings.Select(v => (double)v)];

    private static void Same(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        Assert.Equal(expected ?? 0, actual ?? 0, 1e-12);
    }
}
