namespace Perenne.Vision.Statistics;

/// <summary>Percentile bootstrap over independent units (images): Efron and Tibshirani 1993, chapter 13.</summary>
public static class PercentileBootstrap
{
    /// <summary>The interval of <paramref name="statistic"/> when units are drawn with replacement.</summary>
    /// <param name="units">How many units there are, &gt;= 0.</param>
    /// <param name="statistic">Gets how often each unit was drawn; returns null where the figure is undefined.</param>
    /// <param name="resamples">How many resamples, &gt;= 1.</param>
    /// <param name="level">Coverage, inside (0,1).</param>
    /// <param name="seed">Same seed, same interval.</param>
    /// <returns>Null when fewer than half of the resamples define the figure.</returns>
    public static Interval? Of(int units, Func<int[], double?> statistic, int resamples, double level, ulong seed) =>
        OfMany(units, 1, counts => [statistic(counts)], resamples, level, seed)[0];

    /// <summary>The intervals of several figures over the same resamples; see <see cref="Of"/>.</summary>
    /// <param name="units">How many units there are, &gt;= 0.</param>
    /// <param name="figures">How many figures <paramref name="statistics"/> gives.</param>
    /// <param name="statistics">Gets how often each unit was drawn.</param>
    /// <param name="resamples">How many resamples, &gt;= 1.</param>
    /// <param name="level">Coverage, inside (0,1).</param>
    /// <param name="seed">Same seed, same intervals.</param>
    public static Interval?[] OfMany(int units, int figures, Func<int[], double?[]> statistics, int resamples, double level, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resamples);
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The coverage lies inside (0,1), for example 0.95.");
        List<double>[] values = [.. Enumerable.Range(0, figures).Select(_ => new List<double>(resamples))];
        int[] counts = new int[units];
        for (int b = 0; b < resamples && units > 0; b++)
        {
            SeededRandom random = new(seed, (ulong)b);
            Array.Clear(counts);
            for (int i = 0; i < units; i++)
                counts[random.Next(units)]++;
            double?[] drawn = statistics(counts);
            for (int f = 0; f < figures; f++)
                if (drawn[f] is { } value)
                    values[f].Add(value);
        }
        return [.. values.Select(v => v.Count > 0 && v.Count * 2 >= resamples ? Between(v, level) : (Interval?)null)];
    }

    private static Interval Between(List<double> values, double level)
    {
        values.Sort();
        return new Interval(Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2));
    }

    // Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
    private static double Quantile(List<double> sorted, double probability)
    {
        double position = probability * (sorted.Count - 1);
        int below = (int)position;
        return below + 1 < sorted.Count ? sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
