namespace Perenne.Vision.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class NormalDistribution
{
    /// <summary>P(Z &lt;= z), precise in its small tail.</summary>
    public static double Cdf(double z) => UpperTail(-z);

    /// <summary>P(Z &gt; z), precise in its small tail (through Q(1/2, z²/2)).</summary>
    public static double UpperTail(double z)
    {
        double tail = 0.5 * GammaFunctions.RegularizedQ(0.5, z * z / 2);
        return z >= 0 ? tail : 1 - tail;
    }

    /// <summary>The z with P(Z &lt;= z) = <paramref name="p"/>, for 0 &lt; p &lt; 1; full precision through Newton steps on the log tail.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not inside (0,1).</exception>
    public static double Quantile(double p)
    {
        if (!(p > 0 && p < 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability inside (0,1) is needed.");
        if (p > 0.5)
            return -Quantile(1 - p);
        double target = Math.Log(p), z = -Math.Sqrt(Math.Max(0, -2 * (target + Math.Log(2))));
        for (int i = 0; i < 60; i++)
        {
            double cdf = Cdf(z), density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
            double step = (Math.Log(cdf) - target) * cdf / density;
            z -= step;
            if (Math.Abs(step) <= 1e-15 * Math.Max(1, Math.Abs(z)))
                break;
        }
        return z;
    }
}
