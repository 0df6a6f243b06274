namespace Perenne.Vision.Agreement;

/// <summary>Fleiss' kappa of a fixed number of ratings per item (Fleiss 1971); the raters may differ from item to item.</summary>
public static class FleissKappa
{
    /// <summary>Kappa of raters × items.</summary>
    /// <param name="ratings">One array per rater with the category of each item, all equally long.</param>
    /// <returns>At most 1; null where undefined: fewer than two raters, no items, or one category throughout.</returns>
    /// <exception cref="ArgumentException">The arrays differ in length.</exception>
    public static double? Of(IReadOnlyList<int[]> ratings)
    {
        int items = ratings.Count == 0 ? 0 : ratings[0].Length;
        if (ratings.Any(r => r.Length != items))
            throw new ArgumentException("Every rater must have judged every item. For missing ratings use Krippendorff's alpha.", nameof(ratings));
        int[] categories = [.. ratings.SelectMany(r => r).Distinct().Order()];
        double[][] counts = [.. Enumerable.Range(0, items).Select(_ => new double[categories.Length])];
        foreach (int[] rater in ratings)
            for (int i = 0; i < items; i++)
                counts[i][Array.BinarySearch(categories, rater[i])]++;
        return OfCounts(counts);
    }

    /// <summary>Kappa of how often each category was given to each item.</summary>
    /// <param name="counts">Items × categories; every item has the same sum, at least 2.</param>
    /// <inheritdoc cref="Of" path="/returns"/>
    /// <exception cref="ArgumentException">The sums differ.</exception>
    public static double? OfCounts(IReadOnlyList<double[]> counts)
    {
        if (counts.Count == 0)
            return null;
        double raters = counts[0].Sum(), pairs = 0;
        double[] totals = new double[counts[0].Length];
        foreach (double[] item in counts)
        {
            if (item.Sum() != raters)
                throw new ArgumentException("Fleiss' kappa needs equally many ratings for every item. Use Krippendorff's alpha instead.", nameof(counts));
            for (int c = 0; c < item.Length; c++)
            {
                pairs += item[c] * (item[c] - 1);
                totals[c] += item[c];
            }
        }
        double all = counts.Count * raters;
        if (raters < 2 || totals.Any(t => t == all))
            return null;
        double observed = pairs / (all * (raters - 1)), expected = totals.Sum(t => t / all * (t / all));
        return (observed - expected) / (1 - expected);
    }
}
