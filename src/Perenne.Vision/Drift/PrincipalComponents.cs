using System.Numerics.Tensors;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>
/// Principal components of feature vectors: fit them on data that is disjoint from the reference window, then compare projections.
/// </summary>
/// <remarks>Block subspace iteration with Rayleigh-Ritz steps (Golub and Van Loan, Matrix Computations, section 8.2) on the covariance, never formed: time O(rows · columns · components) per step.</remarks>
public sealed class PrincipalComponents
{
    /// <summary>At most so many components.</summary>
    public const int MaxComponents = 32;

    private const int Oversampling = 8, MaxSteps = 200;
    private readonly double[] mean;
    private readonly double[][] axes;

    private PrincipalComponents(double[] mean, double[][] axes, double[] variances, double totalVariance) =>
        (this.mean, this.axes, Variances, TotalVariance) = (mean, axes, variances, totalVariance);

    /// <summary>The variance along each component, descending (denominator rows − 1).</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>The variance of all features together.</summary>
    public double TotalVariance { get; }

    /// <summary>The axes, orthonormal, one per component, each as long as a vector; the largest entry of each is positive.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Axes => axes;

    /// <summary>The first components of <paramref name="data"/>; fewer when the data spans fewer dimensions.</summary>
    /// <param name="data">rows × columns, at least two rows.</param>
    /// <param name="components">1 … <see cref="MaxComponents"/>.</param>
    /// <param name="seed">Starts the iteration; the result depends on it only below the tolerance of 1e-12.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows.</exception>
    public static PrincipalComponents Fit(FeatureMatrix data, int components, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, MaxComponents);
        if (data.Rows < 2)
            throw new ArgumentException("Principal components need at least two vectors.", nameof(data));
        double[] mean = new double[data.Columns];
        for (int r = 0; r < data.Rows; r++)
            TensorPrimitives.Add(mean, data.Row(r), mean);
        TensorPrimitives.Divide(mean, data.Rows, mean);
        double[][] centred = [.. Enumerable.Range(0, data.Rows).Select(r => Minus(data.Row(r), mean))];
        double total = centred.Sum(row => TensorPrimitives.SumOfSquares<double>(row)) / (data.Rows - 1);
        int block = Math.Min(Math.Min(data.Columns, data.Rows - 1), components + Oversampling);
        (double[][] axes, double[] variances) = Iterate(centred, block, components, total, seed);
        int kept = variances.Take(components).Count(v => v > 1e-12 * total);
        return new PrincipalComponents(mean, [.. axes.Take(kept).Select(Oriented)], variances[..kept], total);
    }

    /// <summary>The coordinates of vectors along the components, rows × number of components.</summary>
    /// <exception cref="ArgumentException">The vectors have another number of features, or no component was found.</exception>
    public FeatureMatrix Project(FeatureMatrix data)
    {
        if (data.Columns != mean.Length)
            throw new ArgumentException($"The components were fitted on {mean.Length} features, these vectors have {data.Columns}: use features of the same model.", nameof(data));
        if (axes.Length == 0)
            throw new InvalidOperationException("All vectors were equal when the components were fitted: there is no direction to project on.");
        double[] values = new double[data.Rows * axes.Length];
        for (int r = 0; r < data.Rows; r++)
        {
            double[] centred = Minus(data.Row(r), mean);
            for (int c = 0; c < axes.Length; c++)
                values[r * axes.Length + c] = TensorPrimitives.Dot<double>(centred, axes[c]);
        }
        return new FeatureMatrix(data.Rows, axes.Length, values);
    }

    private static (double[][] Axes, double[] Variances) Iterate(double[][] centred, int block, int wanted, double total, ulong seed)
    {
        int columns = centred[0].Length;
        SeededRandom random = new(seed);
        double[][] axes = [.. Enumerable.Range(0, block).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextNormal()).ToArray())];
        double[] variances = new double[block];
        for (int step = 0; step < MaxSteps; step++)
        {
            SymmetricEigen.Orthonormalize(axes);
            double[][] images = [.. axes.Select(axis => Covariance(centred, axis))];
            double[,] small = new double[block, block];
            for (int i = 0; i < block; i++)
                for (int j = 0; j < block; j++)
                    small[i, j] = (TensorPrimitives.Dot<double>(axes[i], images[j]) + TensorPrimitives.Dot<double>(axes[j], images[i])) / 2;
            (double[] values, double[,] vectors) = SymmetricEigen.Decompose(small);
            axes = Rotated(axes, vectors);
            double change = values.Take(wanted).Zip(variances, (now, before) => Math.Abs(now - before)).Max();
            variances = values;
            if (change <= 1e-13 * total)
                break;
            axes = Rotated(images, vectors);
        }
        SymmetricEigen.Orthonormalize(axes);
        return (axes, variances);
    }

    private static double[] Covariance(double[][] centred, double[] axis)
    {
        double[] image = new double[axis.Length];
        foreach (double[] row in centred)
            TensorPrimitives.MultiplyAdd(row, TensorPrimitives.Dot<double>(row, axis) / (centred.Length - 1), image, image);
        return image;
    }

    private static double[][] Rotated(double[][] axes, double[,] vectors)
    {
        double[][] rotated = [.. axes.Select(a => new double[a.Length])];
        for (int i = 0; i < axes.Length; i++)
            for (int j = 0; j < axes.Length; j++)
                TensorPrimitives.MultiplyAdd(axes[i], vectors[i, j], rotated[j], rotated[j]);
        return rotated;
    }

    private static double[] Oriented(double[] axis) => axis[TensorPrimitives.IndexOfMaxMagnitude<double>(axis)] < 0 ? [.. axis.Select(x => -x)] : axis;

    private static double[] Minus(ReadOnlySpan<double> row, double[] mean)
    {
        double[] centred = new double[mean.Length];
        TensorPrimitives.Subtract(row, mean, centred);
        return centred;
    }
}
