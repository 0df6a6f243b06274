namespace Perenne.Vision.Matching;

/// <summary>The search behind <see cref="Assignment"/>: rows &lt;= columns, all costs finite. Each row is added by the cheapest path of reassignments.</summary>
internal sealed class AugmentingPaths(double[] cost, int rows, int columns)
{
    private readonly double[] rowPrice = new double[rows];
    private readonly double[] columnPrice = new double[columns];
    private readonly double[] distance = new double[columns];
    private readonly int[] previousRow = new int[columns];
    private readonly int[] columnOfRow = Filled(rows);
    private readonly int[] rowOfColumn = Filled(columns);
    private readonly int[] open = new int[columns];
    private readonly bool[] closed = new bool[columns];
    private readonly bool[] reached = new bool[rows];

    /// <returns>For each column its row, or -1.</returns>
    public int[] Solve()
    {
        for (int row = 0; row < rows; row++)
            Augment(row, Search(row));
        return rowOfColumn;
    }

    // Dijkstra over reduced costs from a free row to the nearest free column; then the prices keep reduced costs >= 0.
    private int Search(int start)
    {
        Array.Clear(closed);
        Array.Clear(reached);
        Array.Fill(distance, double.PositiveInfinity);
        int openCount = columns;
        for (int column = 0; column < columns; column++)
            open[column] = column;

        double length = 0;
        int row = start, sink;
        while (true)
        {
            reached[row] = true;
            int nearest = Relax(row, length, openCount);
            sink = open[nearest];
            length = distance[sink];
            open[nearest] = open[--openCount];
            closed[sink] = true;
            if (rowOfColumn[sink] < 0)
                break;
            row = rowOfColumn[sink];
        }

        rowPrice[start] += length;
        for (int other = 0; other < rows; other++)
            if (reached[other] && other != start)
                rowPrice[other] += length - distance[columnOfRow[other]];
        for (int column = 0; column < columns; column++)
            if (closed[column])
                columnPrice[column] -= length - distance[column];
        return sink;
    }

    private int Relax(int row, double length, int openCount)
    {
        int nearest = -1;
        double shortest = double.PositiveInfinity;
        ReadOnlySpan<double> costs = cost.AsSpan(row * columns, columns);
        for (int i = 0; i < openCount; i++)
        {
            int column = open[i];
            double candidate = length + costs[column] - rowPrice[row] - columnPrice[column];
            if (candidate < distance[column])
            {
                distance[column] = candidate;
                previousRow[column] = row;
            }
            double d = distance[column];
            // A free column ends the search: prefer it among equals, then the lower column.
            if (d < shortest || (d == shortest && Prefer(column, open[nearest])))
            {
                shortest = d;
                nearest = i;
            }
        }
        return nearest;
    }

    private bool Prefer(int column, int other)
    {
        bool free = rowOfColumn[column] < 0, otherFree = rowOfColumn[other] < 0;
        return free != otherFree ? free : column < other;
    }

    private void Augment(int start, int sink)
    {
        for (int column = sink; ;)
        {
            int row = previousRow[column];
            rowOfColumn[column] = row;
            (columnOfRow[row], column) = (column, columnOfRow[row]);
            if (row == start)
                return;
        }
    }

    private static int[] Filled(int length)
    {
        var values = new int[length];
        Array.Fill(values, -1);
        return values;
    }
}
