namespace Perenne.Vision.Statistics;

/// <summary>The beta function and its incomplete integral.</summary>
public static class BetaFunctions
{
    /// <summary>ln B(a, b) for positive a and b.</summary>
    public static double LogBeta(double a, double b) =>
        GammaFunctions.LogGamma(a) + GammaFunctions.LogGamma(b) - GammaFunctions.LogGamma(a + b);

    /// <summary>The regularized incomplete beta function I_x(a, b) in [0,1], for 0 &lt;= x &lt;= 1 and positive a, b.</summary>
    public static double Regularized(double a, double b, double x) => Math.Exp(LogRegularized(a, b, x));

    /// <summary>ln I_x(a, b): usable far into the tail, where I_x itself is below the smallest double.</summary>
    /// <remarks>The continued fraction of DLMF 8.17.22 by Lentz's method, on the side where it converges quickly.</remarks>
    public static double LogRegularized(double a, double b, double x)
    {
        if (x <= 0)
            return double.NegativeInfinity;
        if (x >= 1)
            return 0;
        if (x <= (a + 1) / (a + b + 2))
            return LogTail(a, b, x);
        double complement = Math.Exp(LogTail(b, a, 1 - x));
        return complement >= 1 ? double.NegativeInfinity : LogOnePlus(-complement);
    }

    // ln(1+x) without the loss of digits near 0 that double.LogP1 has (Goldberg 1991, theorem 4).
    private static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }

    private static double LogTail(double a, double b, double x)
    {
        const double tiny = 1e-300;
        double c = 1, d = 1 / NotZero(1 - (a + b) * x / (a + 1)), h = d;
        for (int m = 1; m < 100_000; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16)
                break;
        }
        return a * Math.Log(x) + b * LogOnePlus(-x) - Math.Log(a) - LogBeta(a, b) + Math.Log(h);

        static double NotZero(double value) => Math.Abs(value) < tiny ? tiny : value;
    }
}
