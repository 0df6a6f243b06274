namespace Perenne.Vision.Agreement;

/// <summary>How much a disagreement between two ordered categories costs.</summary>
public enum KappaWeights
{
    /// <summary>Every disagreement costs the same.</summary>
    None,

    /// <summary>The cost grows with the distance of the categories.</summary>
    Linear,

    /// <summary>The cost grows with the squared distance.</summary>
    Quadratic,
}

/// <summary>Cohen's kappa of two raters, κ = (po − pe)/(1 − pe) (Cohen 1960; weighted 1968).</summary>
public static class CohenKappa
{
    /// <summary>Kappa of two raters over the same items.</summary>
    /// <param name="first">Category of each item as the first rater says.</param>
    /// <param name="second">As the second rater says; equally long.</param>
    /// <param name="weights">Distances count places in the sorted list of the categories that occur.</param>
    /// <returns>At most 1; null where kappa is undefined: no items, or both raters use one and the same category throughout.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double? Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, KappaWeights weights = KappaWeights.None)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"The raters judged {first.Length} and {second.Length} items: kappa needs the items both judged.", nameof(second));
        int[] categories = [.. first.ToArray().Concat(second.ToArray()).Distinct().Order()];
        double[,] table = new double[categories.Length, categories.Length];
        for (int i = 0; i < first.Length; i++)
            table[Array.BinarySearch(categories, first[i]), Array.BinarySearch(categories, second[i])]++;
        return OfTable(table, weights);
    }

    /// <summary>Kappa of a square table of counts: rows are the first rater's categories, columns the second's.</summary>
    /// <inheritdoc cref="Of" path="/returns"/>
    /// <param name="table">Counts, square.</param>
    /// <param name="weights">Distances count rows of the table.</param>
    public static double? OfTable(double[,] table, KappaWeights weights = KappaWeights.None)
    {
        int size = table.GetLength(0);
        double[] rows = new double[size], columns = new double[size];
        double total = 0;
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
            {
                rows[i] += table[i, j];
                columns[j] += table[i, j];
                total += table[i, j];
            }
        double observed = 0, expected = 0;
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
            {
                double cost = weights switch
                {
                    KappaWeights.Linear => Math.Abs(i - j),
                    KappaWeights.Quadratic => (i - j) * (i - j),
                    _ => i == j ? 0 : 1,
                };
                observed += cost * table[i, j];
                expected += cost * rows[i] * columns[j];
            }
        return expected == 0 ? null : 1 - observed * total / expected;
    }
}
