using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift.Monitoring;

public class ImagePermutationTestTests
{
    [Fact]
    public void Defects_that_come_together_do_not_make_the_test_too_sure()
    {
        const int trials = 150;
        int plain = 0, exact = 0;
        for (ulong t = 0; t < trials; t++)
        {
            int[][] a = Images(2 * t, 80), b = Images(2 * t + 1, 80);
            double[] Totals(int[][] side) => [.. Enumerable.Range(0, 3).Select(c => (double)side.Sum(row => row[c]))];
            plain += ContingencyTests.GTest([Totals(a), Totals(b)])!.PValue < 0.05 ? 1 : 0;
            exact += ImagePermutationTest.Classes(a, b, 99, t)!.Value.PValue <= 0.05 ? 1 : 0;
        }
        // Counting detections one by one rejects several times too often; Binomial(150, 0.05) is over 18 once in five thousand runs.
        Assert.InRange(plain, 30, trials);
        Assert.InRange(exact, 0, 18);
    }

    [Fact]
    public void Another_mix_of_classes_is_found()
    {
        int[][] other = [.. Images(9, 80).Select(row => new[] { 0, row[0] + row[1], row[2] })];
        Assert.Equal(1.0 / 200, ImagePermutationTest.Classes(Images(8, 80), other, 199, 1)!.Value.PValue, 1e-12);
    }

    [Fact]
    public void One_class_or_an_empty_window_has_no_mix()
    {
        Assert.Null(ImagePermutationTest.Classes([[1, 0]], [[3, 0]], 9, 1));
        Assert.Null(ImagePermutationTest.Classes([], [[3, 1]], 9, 1));
        Assert.Throws<ArgumentException>(() => ImagePermutationTest.Classes([[1]], [[3, 1]], 9, 1));
    }

    private static int[][] Images(ulong seed, int count)
    {
        SeededRandom random = new(seed, 5);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] row = [0, 0, 0];
            row[random.Next(3)] = 1 + random.Next(8);
            return row;
        })];
    }
}
