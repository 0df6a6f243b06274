namespace Perenne.Vision.Drift;

/// <summary>Distances between two samples of numbers, in the numbers' own unit: effect sizes to go with a p value.</summary>
public static class Distances
{
    /// <summary>The first Wasserstein distance: how far, on average, mass must move; in the unit of the values, &gt;= 0.</summary>
    /// <exception cref="ArgumentException">A sample is empty or holds a value that is not finite.</exception>
    public static double Wasserstein(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Integral(a, b, Math.Abs);

    /// <summary>The energy distance √(2∫(F−G)²) (Székely and Rizzo 2013), &gt;= 0; its square is in the unit of the values.</summary>
    /// <exception cref="ArgumentException">A sample is empty or holds a value that is not finite.</exception>
    public static double Energy(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Math.Sqrt(2 * Integral(a, b, d => d * d));

    private static double Integral(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Func<double, double> of)
    {
        double[] x = Samples.Sorted(a, nameof(a)), y = Samples.Sorted(b, nameof(b));
        double sum = 0;
        foreach ((int i, int j, double gap) in Samples.Steps(x, y))
            sum += gap * of((double)i / x.Length - (double)j / y.Length);
        return sum;
    }
}
