namespace Perenne.Vision.Statistics;

/// <summary>The gamma function and its incomplete integrals, in double precision.</summary>
public static class GammaFunctions
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln Γ(x) for x &gt; 0, relative error near 1e-15 away from its zeros at 1 and 2 (absolute there).</summary>
    /// <remarks>Stirling's series (Abramowitz and Stegun 6.1.41) above 15; the recurrence brings smaller arguments there.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">x is not a positive finite number.</exception>
    public static double LogGamma(double x)
    {
        if (!(x > 0) || double.IsInfinity(x))
            throw new ArgumentOutOfRangeException(nameof(x), x, "ln Γ needs a positive finite argument.");
        double product = 1;
        while (x < 15)
            product *= x++;
        double inverse = 1 / x, square = inverse * inverse;
        double series = inverse * (1.0 / 12 + square * (-1.0 / 360 + square * (1.0 / 1260 + square * (-1.0 / 1680
            + square * (1.0 / 1188 + square * (-691.0 / 360360 + square * (1.0 / 156 - square * 3617.0 / 122400)))))));
        return (x - 0.5) * Math.Log(x) - x + HalfLogTwoPi + series - Math.Log(product);
    }

    /// <summary>ln of the binomial coefficient n over k, for 0 &lt;= k &lt;= n.</summary>
    public static double LogBinomial(double n, double k) => LogGamma(n + 1) - LogGamma(k + 1) - LogGamma(n - k + 1);

    /// <summary>The regularized lower incomplete gamma function P(a, x) in [0,1], for a &gt; 0 and x &gt;= 0.</summary>
    public static double RegularizedP(double a, double x) => x <= 0 ? 0 : x < a + 1 ? Series(a, x) : 1 - Fraction(a, x);

    /// <summary>The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x), precise in its small tail.</summary>
    public static double RegularizedQ(double a, double x) => x <= 0 ? 1 : x < a + 1 ? 1 - Series(a, x) : Fraction(a, x);

    /// <summary>P(X &gt; x) for a chi-square variable with <paramref name="degreesOfFreedom"/> degrees of freedom.</summary>
    public static double ChiSquareUpperTail(double x, double degreesOfFreedom) => RegularizedQ(degreesOfFreedom / 2, x / 2);

    private static double Front(double a, double x) => Math.Exp(a * Math.Log(x) - x - LogGamma(a));

    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (double n = a + 1; term > sum * 1e-17; n++)
            sum += term *= x / n;
        return sum * Front(a, x);
    }

    // Lentz's evaluation of the continued fraction of Abramowitz and Stegun 6.5.31.
    private static double Fraction(double a, double x)
    {
        if (double.IsPositiveInfinity(x))
            return 0;
        double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
        for (int i = 1; i < 100_000; i++)
        {
            double factor = -i * (i - a);
            b += 2;
            d = 1 / (factor * d + b);
            c = b + factor / c;
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16)
                break;
        }
        return Front(a, x) * h;
    }
}
