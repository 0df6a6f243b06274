namespace Perenne.Vision.Agreement;

/// <summary>What the numbers of a rating mean, and so what their difference costs.</summary>
public enum MeasurementLevel
{
    /// <summary>Names: equal or not.</summary>
    Nominal,

    /// <summary>Ranks: the cost counts the ratings between the two.</summary>
    Ordinal,

    /// <summary>Numbers with a unit: the squared difference.</summary>
    Interval,

    /// <summary>Numbers with a true zero, &gt;= 0: the squared relative difference ((c−k)/(c+k))².</summary>
    Ratio,
}

/// <summary>Krippendorff's alpha for any number of raters with missing ratings: α = 1 − Do/De over pairable values (Krippendorff 2004, chapter 11).</summary>
public static class KrippendorffAlpha
{
    /// <summary>Alpha of raters × items.</summary>
    /// <param name="ratings">One array per rater with the value for each item, all equally long; NaN = not rated.</param>
    /// <param name="level">What the values mean.</param>
    /// <returns>At most 1; null where undefined: no item has two ratings, or all pairable values are equal.</returns>
    /// <exception cref="ArgumentException">The arrays differ in length, or a ratio value is negative.</exception>
    public static double? Of(IReadOnlyList<double[]> ratings, MeasurementLevel level)
    {
        int items = ratings.Count == 0 ? 0 : ratings[0].Length;
        if (ratings.Any(r => r.Length != items))
            throw new ArgumentException("Every rater's row must be as long as there are items; mark missing ratings with NaN.", nameof(ratings));
        double[] values = [.. ratings.SelectMany(r => r).Where(v => !double.IsNaN(v)).Distinct().Order()];
        double[][] counts = [.. Enumerable.Range(0, items).Select(_ => new double[values.Length])];
        foreach (double[] rater in ratings)
            for (int i = 0; i < items; i++)
                if (!double.IsNaN(rater[i]))
                    counts[i][Array.BinarySearch(values, rater[i])]++;
        return OfCounts(counts, values, level);
    }

    /// <summary>Alpha of how often each value was given to each item.</summary>
    /// <param name="counts">Items × values; items with fewer than two ratings do not count.</param>
    /// <param name="values">The values in ascending order.</param>
    /// <param name="level">What the values mean.</param>
    /// <inheritdoc cref="Of" path="/returns"/>
    public static double? OfCounts(IReadOnlyList<double[]> counts, double[] values, MeasurementLevel level)
    {
        if (level == MeasurementLevel.Ratio && values.Any(v => v < 0))
            throw new ArgumentException("A ratio scale has no negative values: use the interval level.", nameof(values));
        int size = values.Length;
        double[,] coincidences = new double[size, size];
        foreach (double[] item in counts)
        {
            double ratings = item.Sum();
            if (ratings < 2)
                continue;
            for (int c = 0; c < size; c++)
                for (int k = 0; item[c] > 0 && k < size; k++)
                    coincidences[c, k] += item[c] * (item[k] - (c == k ? 1 : 0)) / (ratings - 1);
        }
        return OfCoincidences(coincidences, values, level);
    }

    private static double? OfCoincidences(double[,] coincidences, double[] values, MeasurementLevel level)
    {
        int size = values.Length;
        double[] marginals = new double[size];
        for (int c = 0; c < size; c++)
            for (int k = 0; k < size; k++)
                marginals[c] += coincidences[c, k];
        double observed = 0, expected = 0;
        for (int c = 0; c < size; c++)
            for (int k = 0; k < size; k++)
            {
                double difference = Difference(c, k, values, marginals, level);
                observed += coincidences[c, k] * difference;
                expected += marginals[c] * marginals[k] * difference;
            }
        return expected > 0 ? 1 - (marginals.Sum() - 1) * observed / expected : null;
    }

    private static double Difference(int c, int k, double[] values, double[] marginals, MeasurementLevel level)
    {
        if (c == k)
            return 0;
        double root;
        switch (level)
        {
            case MeasurementLevel.Ordinal:
                (int low, int high) = c < k ? (c, k) : (k, c);
                root = marginals.AsSpan(low, high - low + 1).ToArray().Sum() - (marginals[low] + marginals[high]) / 2;
                break;
            case MeasurementLevel.Interval:
                root = values[c] - values[k];
                break;
            case MeasurementLevel.Ratio:
                root = (values[c] - values[k]) / (values[c] + values[k]);
                break;
            default:
                return 1;
        }
        return root * root;
    }
}
