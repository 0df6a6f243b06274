namespace Perenne.Vision.Drift;

/// <summary>
/// The share of each class in production without labels: black box shift estimation (Lipton, Wang and Smola, ICML 2018). Assumes that the looks
/// of each class stay what they were and only their frequencies change.
/// </summary>
public static class LabelShift
{
    /// <summary>Estimates the class shares behind the predictions of the current window.</summary>
    /// <param name="confusion">Counts on labelled held-out data: row = predicted class, column = true class; square.</param>
    /// <param name="predicted">How often each class was predicted in the current window.</param>
    /// <returns>Null when the confusion matrix is singular: the model does not tell the classes apart well enough to say.</returns>
    /// <exception cref="ArgumentException">The sizes do not fit, or there are no counts.</exception>
    public static LabelShiftEstimate? Estimate(double[,] confusion, ReadOnlySpan<double> predicted)
    {
        int size = predicted.Length;
        if (confusion.GetLength(0) != size || confusion.GetLength(1) != size)
            throw new ArgumentException($"{size} classes need a {size} × {size} confusion matrix.", nameof(confusion));
        double total = confusion.Cast<double>().Sum(), current = 0;
        foreach (double count in predicted)
            current += count;
        if (!(total > 0 && current > 0) || confusion.Cast<double>().Any(c => c < 0))
            throw new ArgumentException("Both the confusion matrix and the predictions need counts that are not negative.", nameof(confusion));
        double[,] joint = new double[size, size + 1];
        double[] source = new double[size];
        for (int i = 0; i < size; i++)
        {
            joint[i, size] = predicted[i] / current;
            for (int j = 0; j < size; j++)
                source[j] += joint[i, j] = confusion[i, j] / total;
        }
        if (Solve(joint, size) is not { } weights)
            return null;
        // Sampling noise can push a rare class below zero: cut there and share out again.
        double[] target = [.. weights.Select((w, j) => Math.Max(0, w) * source[j])];
        double sum = target.Sum();
        return sum > 0 ? new LabelShiftEstimate(source, [.. target.Select(t => t / sum)], weights) : null;
    }

    private static double[]? Solve(double[,] a, int size)
    {
        for (int column = 0; column < size; column++)
        {
            int pivot = Enumerable.Range(column, size - column).MaxBy(r => Math.Abs(a[r, column]));
            if (Math.Abs(a[pivot, column]) < 1e-10)
                return null;
            for (int k = 0; k <= size; k++)
                (a[column, k], a[pivot, k]) = (a[pivot, k], a[column, k]);
            for (int r = 0; r < size; r++)
            {
                double factor = r == column ? 0 : a[r, column] / a[column, column];
                for (int k = column; factor != 0 && k <= size; k++)
                    a[r, k] -= factor * a[column, k];
            }
        }
        return [.. Enumerable.Range(0, size).Select(i => a[i, size] / a[i, i])];
    }
}

/// <summary>The class shares before and now.</summary>
/// <param name="Source">Share of each true class in the labelled data, sums to 1.</param>
/// <param name="Target">Estimated share of each class now, sums to 1.</param>
/// <param name="Weights">Target over source as solved, before negative ones are cut.</param>
public sealed record LabelShiftEstimate(IReadOnlyList<double> Source, IReadOnlyList<double> Target, IReadOnlyList<double> Weights);
