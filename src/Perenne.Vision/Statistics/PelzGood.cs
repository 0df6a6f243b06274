namespace Perenne.Vision.Statistics;

/// <summary>P(D_n &lt;= d) by the expansion in powers of n^(-1/2) (Pelz and Good, J. R. Stat. Soc. B 38, 1976; Simard and L'Ecuyer 2011, section 2.5).</summary>
internal static class PelzGood
{
    private const double Pi2 = Math.PI * Math.PI, Pi4 = Pi2 * Pi2, Pi6 = Pi4 * Pi2;

    public static double Cdf(double d, double n)
    {
        double z = Math.Sqrt(n) * d, z2 = z * z, z4 = z2 * z2, z6 = z4 * z2;
        double k0 = 0, k1 = 0, k2 = 0, k3 = 0, k2Even = 0, k3Even = 0;
        int terms = (int)Math.Ceiling(16 * z / Math.PI);
        for (int k = terms; k >= 1; k--)
        {
            double m = (2.0 * k - 1) * (2.0 * k - 1), odd = Math.Exp(-Pi2 * m / (8 * z2));
            k0 += odd;
            k1 += odd * (Pi2 * m / 4 - z2);
            k2 += odd * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * Pi2 * m / 4 + Pi4 * (1 - 2 * z2) * m * m / 16);
            k3 += odd * (Pi6 * (5 - 30 * z2) * m * m * m / 64 + Pi4 * (212 * z4 - 60 * z2) * m * m / 16
                + Pi2 * (135 * z4 - 96 * z6) * m / 4 - 30 * z6 - 90 * z4 * z4);
            double square = (double)k * k, even = square * Math.Exp(-Pi2 * square / (2 * z2));
            k2Even += even;
            k3Even += even * (3 * z2 - Pi2 * square);
        }
        double root = Math.Sqrt(2 * Math.PI), z3 = z2 * z;
        k2 = k2 / (72 * z6 * z) - k2Even * Pi2 / (36 * z3);
        k3 = k3 / (6480 * z6 * z4) + k3Even * Pi2 / (216 * z6);
        return root * (k0 / z + k1 / (6 * z4 * Math.Sqrt(n)) + k2 / n + k3 / (n * Math.Sqrt(n)));
    }
}
