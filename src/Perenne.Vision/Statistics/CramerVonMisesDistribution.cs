namespace Perenne.Vision.Statistics;

/// <summary>The limiting distribution of the Cramér-von Mises statistic (Anderson and Darling 1952; Csörgő and Faraway 1996, equation 1.3).</summary>
public static class CramerVonMisesDistribution
{
    /// <summary>P(W &lt;= x); absolute error near 1e-14.</summary>
    public static double LimitCdf(double x)
    {
        if (x <= 0)
            return 0;
        double sum = 0;
        for (int k = 0; k < 200; k++)
        {
            double y = 4 * k + 1, q = y * y / (16 * x);
            double weight = Math.Exp(GammaFunctions.LogGamma(k + 0.5) - GammaFunctions.LogGamma(k + 1.0));
            double term = weight * Math.Sqrt(y) * ScaledBesselQuarter(q);
            sum += term;
            if (term <= sum * 1e-17)
                break;
        }
        return Math.Min(1, sum / (Math.Pow(Math.PI, 1.5) * Math.Sqrt(x)));
    }

    // e^(-q) K_{1/4}(q) from its integral over t in (0,∞) of exp(-q cosh t) cosh(t/4) (DLMF 10.32.9). The trapezoid rule
    // converges like exp(-π²/h) there: a step of 1/5 leaves less than 1e-20.
    private static double ScaledBesselQuarter(double q)
    {
        const double step = 0.2;
        double sum = 0.5 * Math.Exp(-2 * q);
        for (int i = 1; i < 2000; i++)
        {
            double t = i * step, term = Math.Exp(-q * (1 + Math.Cosh(t))) * Math.Cosh(t / 4);
            sum += term;
            if (term <= sum * 1e-18)
                break;
        }
        return sum * step;
    }
}
