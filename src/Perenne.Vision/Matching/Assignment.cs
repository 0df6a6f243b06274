namespace Perenne.Vision.Matching;

/// <summary>Minimum-cost assignment of rows to columns, each used at most once.</summary>
/// <remarks>
/// Method: shortest augmenting paths with dual prices (R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987; the rectangular form of D. Crouse, IEEE TAES 52(4), 2016). O(m² n) with m the smaller side.
/// Equal inputs give equal outputs: ties take the lower column.
/// </remarks>
public static class Assignment
{
    /// <summary>Assigns as many pairs as can be (min(rows, columns) unless pairs are forbidden), at the least total cost.</summary>
    /// <param name="cost">Row-major, length rows × columns. <see cref="double.PositiveInfinity"/> forbids a pair.</param>
    /// <param name="rows">Number of rows, &gt;= 0.</param>
    /// <param name="columns">Number of columns, &gt;= 0.</param>
    /// <returns>For each row its column, or -1 where it stays unassigned.</returns>
    /// <exception cref="ArgumentException">The length does not fit, or a cost is NaN or negative infinity.</exception>
    public static int[] Solve(ReadOnlySpan<double> cost, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (cost.Length != (long)rows * columns)
            throw new ArgumentException($"A cost matrix of {rows} × {columns} has {(long)rows * columns} entries, but {cost.Length} were given.", nameof(cost));
        double forbidden = ForbiddenCost(cost, Math.Min(rows, columns));
        var columnOfRow = new int[rows];
        Array.Fill(columnOfRow, -1);
        if (rows == 0 || columns == 0)
            return columnOfRow;

        bool transposed = rows > columns;
        double[] matrix = Copy(cost, rows, columns, transposed, forbidden);
        int[] rowOfColumn = new AugmentingPaths(matrix, Math.Min(rows, columns), Math.Max(rows, columns)).Solve();
        for (int wide = 0; wide < rowOfColumn.Length; wide++)
        {
            (int row, int column) = transposed ? (wide, rowOfColumn[wide]) : (rowOfColumn[wide], wide);
            if (rowOfColumn[wide] >= 0 && !double.IsPositiveInfinity(cost[row * columns + column]))
                columnOfRow[row] = column;
        }
        return columnOfRow;
    }

    /// <summary>The total cost of an assignment as <see cref="Solve"/> returns it, unassigned rows left out.</summary>
    public static double Total(ReadOnlySpan<double> cost, int columns, ReadOnlySpan<int> columnOfRow)
    {
        double total = 0;
        for (int row = 0; row < columnOfRow.Length; row++)
            if (columnOfRow[row] >= 0)
                total += cost[row * columns + columnOfRow[row]];
        return total;
    }

    // A forbidden pair costs more than any complete assignment of allowed ones, so the fewest possible are taken and then dropped.
    private static double ForbiddenCost(ReadOnlySpan<double> cost, int pairs)
    {
        double smallest = double.PositiveInfinity, largest = double.NegativeInfinity;
        foreach (double c in cost)
        {
            if (double.IsNaN(c) || double.IsNegativeInfinity(c))
                throw new ArgumentException($"A cost is {c}; costs are numbers, and +infinity forbids a pair.", nameof(cost));
            if (double.IsPositiveInfinity(c))
                continue;
            smallest = Math.Min(smallest, c);
            largest = Math.Max(largest, c);
        }
        return largest < smallest ? 1 : largest + (pairs + 1) * (largest - smallest + 1);
    }

    private static double[] Copy(ReadOnlySpan<double> cost, int rows, int columns, bool transposed, double forbidden)
    {
        var matrix = new double[rows * columns];
        for (int row = 0, at = 0; row < rows; row++)
            for (int column = 0; column < columns; column++, at++)
                matrix[transposed ? column * rows + row : at] = double.IsPositiveInfinity(cost[at]) ? forbidden : cost[at];
        return matrix;
    }
}
