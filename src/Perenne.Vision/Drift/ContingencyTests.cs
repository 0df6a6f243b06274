using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>Tests of independence on a table of counts: rows are periods or organizations, columns are classes.</summary>
public static class ContingencyTests
{
    /// <summary>Pearson's chi-square test without continuity correction.</summary>
    /// <param name="table">Counts, all rows equally long, each &gt;= 0. Rows and columns without any count are left out.</param>
    /// <returns>Null when fewer than two rows or two columns have counts: there is nothing to compare.</returns>
    /// <exception cref="ArgumentException">A count is negative or not finite, or rows differ in length.</exception>
    public static ContingencyResult? ChiSquare(IReadOnlyList<double[]> table) =>
        Test(table, static (observed, expected) => (observed - expected) * (observed - expected) / expected);

    /// <summary>The G-test (likelihood ratio, 2·Σ O·ln(O/E)), which holds for small counts of rare classes where Pearson's does not add up.</summary>
    /// <inheritdoc cref="ChiSquare" path="/param|/returns|/exception"/>
    public static ContingencyResult? GTest(IReadOnlyList<double[]> table) =>
        Test(table, static (observed, expected) => observed == 0 ? 0 : 2 * observed * Math.Log(observed / expected));

    private static ContingencyResult? Test(IReadOnlyList<double[]> table, Func<double, double, double> term)
    {
        int columns = table.Count == 0 ? 0 : table[0].Length;
        if (table.Any(row => row.Length != columns || row.Any(count => !(count >= 0) || double.IsInfinity(count))))
            throw new ArgumentException("A table of counts needs equally long rows of finite numbers that are not negative.", nameof(table));
        double[] rowSums = [.. table.Select(row => row.Sum())];
        double[] columnSums = [.. Enumerable.Range(0, columns).Select(c => table.Sum(row => row[c]))];
        int usedRows = rowSums.Count(s => s > 0), usedColumns = columnSums.Count(s => s > 0);
        if (usedRows < 2 || usedColumns < 2)
            return null;
        double total = rowSums.Sum(), statistic = 0, smallest = double.PositiveInfinity;
        for (int r = 0; r < table.Count; r++)
            for (int c = 0; c < columns; c++)
            {
                double expected = rowSums[r] * columnSums[c] / total;
                if (expected == 0)
                    continue;
                statistic += term(table[r][c], expected);
                smallest = Math.Min(smallest, expected);
            }
        int degrees = (usedRows - 1) * (usedColumns - 1);
        statistic = Math.Max(0, statistic);
        return new ContingencyResult(statistic, GammaFunctions.ChiSquareUpperTail(statistic, degrees), degrees, smallest);
    }
}

/// <summary>The outcome of a test on a table of counts.</summary>
/// <param name="Statistic">Chi-square or G, &gt;= 0.</param>
/// <param name="PValue">From the chi-square law, in [0,1].</param>
/// <param name="DegreesOfFreedom">(rows − 1)(columns − 1) over those with counts.</param>
/// <param name="SmallestExpected">The smallest expected count; below about 5 the p value is rough.</param>
public sealed record ContingencyResult(double Statistic, double PValue, int DegreesOfFreedom, double SmallestExpected);
