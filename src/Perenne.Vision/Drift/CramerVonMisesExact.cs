using System.Runtime.InteropServices;

namespace Perenne.Vision.Drift;

/// <summary>The exact null distribution by counting lattice paths by their sum of squared deviations (Xiao, Gordon and Yakovlev, J. Stat. Softw. 17(8), 2007).</summary>
internal static class CramerVonMisesExact
{
    public static double UpperTail(double u, int m, int n)
    {
        long lcm = (long)m / Gcd(m, n) * n, stepA = lcm / m, stepB = lcm / n;
        double product = (double)m * n;
        double observed = Math.Floor((double)lcm * lcm * (m + n) * (6 * u - product * (4 * product - 1)) / (6 * product * product));
        // paths[j]: how many paths reach (i,j) with each sum so far; counts stay below 2^53 for samples of 20.
        Dictionary<long, double>[] paths = [.. Enumerable.Range(0, m + 1).Select(_ => new Dictionary<long, double>())];
        for (int i = 0; i <= n; i++)
            for (int j = 0; j <= m; j++)
            {
                long deviation = stepA * j - stepB * i, square = deviation * deviation;
                Dictionary<long, double> next = [];
                if (i == 0 && j == 0)
                    next[0] = 1;
                if (i > 0)
                    Add(next, paths[j], square);
                if (j > 0)
                    Add(next, paths[j - 1], square);
                paths[j] = next;
            }
        double above = paths[m].Where(p => p.Key >= observed).Sum(p => p.Value), all = paths[m].Values.Sum();
        return Math.Min(1, above / all);
    }

    private static void Add(Dictionary<long, double> target, Dictionary<long, double> source, long shift)
    {
        foreach ((long sum, double count) in source)
            CollectionsMarshal.GetValueRefOrAddDefault(target, sum + shift, out _) += count;
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
