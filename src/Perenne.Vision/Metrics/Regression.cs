namespace Perenne.Vision.Metrics;

/// <summary>Errors of predicted values, in the unit of the value.</summary>
/// <param name="MeanAbsoluteError">MAE.</param>
/// <param name="RootMeanSquareError">RMSE.</param>
/// <param name="RSquared">1 - residual / total sum of squares; at most 1; <c>null</c> where the truth does not vary.</param>
public readonly record struct Regression(double MeanAbsoluteError, double RootMeanSquareError, double? RSquared)
{
    /// <summary>Computes the errors.</summary>
    /// <param name="actual">True values, finite, at least one.</param>
    /// <param name="predicted">Predictions, finite, same length.</param>
    /// <exception cref="ArgumentException">No value, different lengths, or a value that is not finite.</exception>
    public static Regression Of(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        Classification.RequireSameLength(actual.Length, predicted.Length);
        if (actual.IsEmpty)
            throw new ArgumentException("Errors need at least one value.");
        double mean = 0, absolute = 0, squared = 0, total = 0;
        foreach (double value in actual)
            mean += value / actual.Length;
        for (int i = 0; i < actual.Length; i++)
        {
            double error = predicted[i] - actual[i];
            if (!double.IsFinite(error))
                throw new ArgumentException($"Values must be finite numbers, but at position {i} they are {actual[i]} and {predicted[i]}.");
            absolute += Math.Abs(error);
            squared += error * error;
            total += (actual[i] - mean) * (actual[i] - mean);
        }
        return new Regression(absolute / actual.Length, Math.Sqrt(squared / actual.Length), total == 0 ? null : 1 - squared / total);
    }
}
