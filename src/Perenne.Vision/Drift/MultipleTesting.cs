namespace Perenne.Vision.Drift;

/// <summary>Adjusted p values for many tests at once: compare an adjusted value with the wanted level directly.</summary>
public static class MultipleTesting
{
    /// <summary>Bonferroni: n·p. Holds the chance of any false alarm under every dependence.</summary>
    /// <param name="p">p values in [0,1], any order.</param>
    /// <exception cref="ArgumentException">A value is outside [0,1].</exception>
    public static double[] Bonferroni(ReadOnlySpan<double> p)
    {
        double[] adjusted = Checked(p);
        for (int i = 0; i < adjusted.Length; i++)
            adjusted[i] = Math.Min(1, adjusted[i] * adjusted.Length);
        return adjusted;
    }

    /// <summary>Holm's step-down (1979): the guarantee of Bonferroni, never less power. Used within a camera.</summary>
    /// <inheritdoc cref="Bonferroni" path="/param|/exception"/>
    public static double[] Holm(ReadOnlySpan<double> p)
    {
        double[] sorted = Checked(p), adjusted = new double[p.Length];
        int[] order = Order(sorted);
        double largest = 0;
        for (int k = 0; k < sorted.Length; k++)
            adjusted[order[k]] = largest = Math.Max(largest, Math.Min(1, sorted[k] * (sorted.Length - k)));
        return adjusted;
    }

    /// <summary>Benjamini and Hochberg's step-up (1995): holds the share of false alarms among alarms under independence or positive dependence. Used across the fleet.</summary>
    /// <inheritdoc cref="Bonferroni" path="/param|/exception"/>
    public static double[] BenjaminiHochberg(ReadOnlySpan<double> p)
    {
        double[] sorted = Checked(p), adjusted = new double[p.Length];
        int[] order = Order(sorted);
        double smallest = 1;
        for (int k = sorted.Length - 1; k >= 0; k--)
            adjusted[order[k]] = smallest = Math.Min(smallest, sorted[k] / ((k + 1) / (double)sorted.Length));
        return adjusted;
    }

    private static int[] Order(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(values, order);
        return order;
    }

    private static double[] Checked(ReadOnlySpan<double> p)
    {
        foreach (double value in p)
            if (!(value is >= 0 and <= 1))
                throw new ArgumentException($"{value} is not a p value: each must lie in [0,1]. Leave undefined tests out before adjusting.", nameof(p));
        return p.ToArray();
    }
}
