namespace Perenne.Vision.Statistics;

/// <summary>Feature vectors in rows: one row per image, row-major.</summary>
public sealed class FeatureMatrix
{
    private readonly double[] values;

    /// <summary>A matrix over row-major <paramref name="values"/>; the array is used as it is, not copied.</summary>
    /// <exception cref="ArgumentException">The length is not rows × columns, or a value is not finite.</exception>
    public FeatureMatrix(int rows, int columns, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (values.LongLength != (long)rows * columns)
            throw new ArgumentException($"{rows} × {columns} features need {(long)rows * columns} values, but {values.LongLength} were given.", nameof(values));
        foreach (double value in values)
            if (!double.IsFinite(value))
                throw new ArgumentException("A feature is not a finite number: leave out images whose features could not be computed.", nameof(values));
        (Rows, Columns, this.values) = (rows, columns, values);
    }

    /// <summary>How many vectors.</summary>
    public int Rows { get; }

    /// <summary>How many features each vector has.</summary>
    public int Columns { get; }

    /// <summary>All values, row-major.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>One vector.</summary>
    public ReadOnlySpan<double> Row(int row) => values.AsSpan(row * Columns, Columns);

    /// <summary>A matrix of these vectors, which must all be equally long and at least one.</summary>
    public static FeatureMatrix FromRows(IReadOnlyList<float[]> rows)
    {
        if (rows.Count == 0)
            throw new ArgumentException("At least one feature vector is needed.", nameof(rows));
        int columns = rows[0].Length;
        double[] values = new double[rows.Count * columns];
        for (int r = 0; r < rows.Count; r++)
        {
            if (rows[r].Length != columns)
                throw new ArgumentException($"Vector {r} has {rows[r].Length} features, the first has {columns}: use features of one model only.", nameof(rows));
            for (int c = 0; c < columns; c++)
                values[r * columns + c] = rows[r][c];
        }
        return new FeatureMatrix(rows.Count, columns, values);
    }
}
