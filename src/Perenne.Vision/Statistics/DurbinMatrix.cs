namespace Perenne.Vision.Statistics;

/// <summary>P(D_n &lt; d) by the n-th power of Durbin's matrix (Marsaglia, Tsang and Wang, J. Stat. Softw. 8(18), 2003).</summary>
internal static class DurbinMatrix
{
    public static double Cdf(double d, int n)
    {
        int k = (int)Math.Ceiling(n * d), m = 2 * k - 1;
        double[] power = Power(Build(k - n * d, m), m, n, out int exponent);
        double result = power[(k - 1) * m + k - 1];
        for (int i = 1; i <= n; i++)
        {
            result *= (double)i / n;
            Rescale(ref result, ref exponent);
        }
        return Math.ScaleB(result, exponent);
    }

    private static double[] Build(double h, int m)
    {
        double[] inverseFactorial = new double[m + 1];
        inverseFactorial[0] = 1;
        for (int i = 1; i <= m; i++)
            inverseFactorial[i] = inverseFactorial[i - 1] / i;
        double[] matrix = new double[m * m];
        for (int i = 0; i < m; i++)
            for (int j = 0; j <= Math.Min(i + 1, m - 1); j++)
                matrix[i * m + j] = inverseFactorial[i - j + 1];
        for (int i = 0; i < m; i++)
        {
            double first = Math.Pow(h, i + 1) * inverseFactorial[i + 1];
            matrix[i * m] -= first;
            matrix[(m - 1) * m + m - 1 - i] -= first;
        }
        matrix[(m - 1) * m] += 2 * h - 1 > 0 ? Math.Pow(2 * h - 1, m) * inverseFactorial[m] : 0;
        return matrix;
    }

    private static double[] Power(double[] matrix, int m, int n, out int exponent)
    {
        double[]? result = null;
        int baseExponent = 0;
        exponent = 0;
        for (int rest = n; ; rest >>= 1)
        {
            if ((rest & 1) == 1)
            {
                result = result is null ? (double[])matrix.Clone() : Multiply(result, matrix, m);
                exponent += baseExponent;
                Rescale(result, m, ref exponent);
            }
            if (rest <= 1)
                return result!;
            matrix = Multiply(matrix, matrix, m);
            baseExponent *= 2;
            Rescale(matrix, m, ref baseExponent);
        }
    }

    private static double[] Multiply(double[] a, double[] b, int m)
    {
        double[] product = new double[m * m];
        for (int i = 0; i < m; i++)
            for (int k = 0; k < m; k++)
                for (int j = 0; j < m; j++)
                    product[i * m + j] += a[i * m + k] * b[k * m + j];
        return product;
    }

    // Powers of two only, so that rescaling never rounds.
    private static void Rescale(double[] matrix, int m, ref int exponent)
    {
        double centre = matrix[m / 2 * m + m / 2];
        if (centre is 0 || Math.Abs(centre) < 1e100)
            return;
        int shift = Math.ILogB(centre);
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] = Math.ScaleB(matrix[i], -shift);
        exponent += shift;
    }

    private static void Rescale(ref double value, ref int exponent)
    {
        if (value is 0 || Math.Abs(value) > 1e-100)
            return;
        int shift = Math.ILogB(value);
        value = Math.ScaleB(value, -shift);
        exponent += shift;
    }
}
