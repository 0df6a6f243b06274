using CsCheck;
using Perenne.Vision.Sampling;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Sampling;

public class SamplingTests
{
    [Fact]
    public void A_simple_sample_is_seeded_distinct_and_every_element_is_equally_likely()
    {
        int[] drawn = new int[10];
        for (ulong seed = 0; seed < 2000; seed++)
            foreach (int i in RandomSampling.Simple(10, 3, seed))
                drawn[i]++;
        // 600 ± 20.5 each: five standard deviations.
        Assert.All(drawn, n => Assert.InRange(n, 600 - 103, 600 + 103));
        Assert.Equal(RandomSampling.Simple(100, 7, 5), RandomSampling.Simple(100, 7, 5));
        Assert.Equal(3, RandomSampling.Simple(3, 9, 1).Distinct().Count());
    }

    [Fact]
    public void Strata_get_their_share_within_one_and_rare_ones_at_least_one() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 80], Gen.Int[0, 90]).Sample((kinds, count) =>
        {
            string[] strata = [.. kinds.Select(k => k == 4 && kinds[0] != 4 ? "rare" : $"s{k % 3}")];
            int[] chosen = RandomSampling.Stratified(strata, count, 3, atLeastOne: false);
            int taken = Math.Min(count, strata.Length);
            Assert.Equal(taken, chosen.Distinct().Count());
            foreach (string stratum in strata.Distinct())
            {
                double share = strata.Count(s => s == stratum) * (double)taken / strata.Length;
                Assert.InRange(chosen.Count(i => strata[i] == stratum), Math.Floor(share), Math.Ceiling(share));
            }
            if (count >= strata.Distinct().Count())
                Assert.Equal(strata.Distinct().Count(), RandomSampling.Stratified(strata, count, 3).Select(i => strata[i]).Distinct().Count());
        }, iter: 300, threads: 2);

    [Fact]
    public void A_reservoir_keeps_every_element_of_the_stream_equally_often()
    {
        int[] kept = new int[20];
        for (ulong seed = 0; seed < 4000; seed++)
            foreach (int i in RandomSampling.Reservoir(Enumerable.Range(0, 20), 5, seed))
                kept[i]++;
        // 1000 ± 27.4 each.
        Assert.All(kept, n => Assert.InRange(n, 1000 - 137, 1000 + 137));
        Assert.Equal([1, 2], RandomSampling.Reservoir([1, 2], 5, 1));
    }

    [Fact]
    public void K_center_covers_clusters_before_it_repeats_one_and_stays_within_twice_the_best_radius()
    {
        SeededRandom random = new(4);
        double[] values = [.. Enumerable.Range(0, 90).SelectMany(i => (double[])[100.0 * (i % 5) + random.NextDouble(), random.NextDouble()])];
        FeatureMatrix features = new(90, 2, values);
        Assert.Equal(5, KCenterGreedy.Select(features, 5, 1).Select(i => i % 5).Distinct().Count());
        int[] rest = KCenterGreedy.Select(features, 3, 1, [0, 1]);
        Assert.Equal([2, 3, 4], rest.Select(i => i % 5).Order());
        Assert.Equal(90, KCenterGreedy.Select(features, 200, 1).Distinct().Count());
    }

    [Fact]
    public void Uncertainty_is_largest_in_doubt_and_least_when_sure()
    {
        Assert.Equal((1, 0), (Uncertainty.Margin([0.5, 0.5]), Uncertainty.Margin([1, 0, 0])));
        Assert.Equal(1, Uncertainty.Entropy([0.25, 0.25, 0.25, 0.25]), 1e-12);
        Assert.Equal(0, Uncertainty.Entropy([0, 1]));
        Assert.Equal((1, 0, 0), (Uncertainty.OfDetections([0.99, 0.4], 0.4), Uncertainty.OfDetections([1], 0.4), Uncertainty.OfDetections([], 0.4)));
        Assert.Equal([2, 0], Uncertainty.MostUncertain([0.5, 0.1, 0.9, 0.5], 2));
        Assert.Contains("softmax", Assert.Throws<ArgumentException>(() => Uncertainty.Margin([2.0, 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_stays_in_its_split_for_ever()
    {
        GroupSplit split = new(0.2, 0.1, "project-1");
        // Frozen (computed with Python's hashlib): a change here would move images between train and test of customers' datasets.
        Assert.Equal("Validation Train Train Train Train Train Test Train", string.Join(' ', Enumerable.Range(0, 8).Select(i => split.Of($"part-{i}"))));
        int[] counts = [.. Enumerable.Range(0, 20_000).Select(i => split.Of($"part-{i}")).GroupBy(s => s).OrderBy(g => g.Key).Select(g => g.Count())];
        Assert.InRange(counts[0], 14_000 - 330, 14_000 + 330);
        Assert.InRange(counts[1], 2_000 - 215, 2_000 + 215);
    }

    [Fact]
    public void Enlarging_a_share_keeps_its_earlier_groups_and_takes_from_train_only() =>
        Gen.Select(Gen.Double[0, 0.4], Gen.Double[0, 0.3], Gen.Double[0, 0.15], Gen.Double[0, 0.15]).Sample((test, validation, more, extra) =>
        {
            GroupSplit before = new(test, validation, "s"), after = new(test + more, validation + extra, "s");
            for (int i = 0; i < 200; i++)
                if (before.Of($"{i}") is not Split.Train and var split)
                    Assert.Equal(split, after.Of($"{i}"));
        }, iter: 100, threads: 2);
}
