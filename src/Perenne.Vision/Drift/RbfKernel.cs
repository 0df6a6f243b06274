using System.Numerics.Tensors;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>The symmetric kernel matrix of the pooled vectors with zeros on its diagonal, stored whole, row-major.</summary>
internal sealed record RbfKernel(int Size, double[] Values, double Bandwidth)
{
    public static RbfKernel Of(FeatureMatrix x, FeatureMatrix y, double? bandwidth, int threads)
    {
        int size = x.Rows + y.Rows;
        double[] values = new double[(long)size * size];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads };
        Parallel.For(0, size, parallel, i =>
        {
            ReadOnlySpan<double> row = Pooled(x, y, i);
            Span<double> target = values.AsSpan(i * size, size);
            for (int j = i + 1; j < size; j++)
                target[j] = SquaredDistance(row, Pooled(x, y, j));
        });
        double sigma = bandwidth ?? MedianDistance(values, size);
        double scale = sigma > 0 ? -1 / (2 * sigma * sigma) : 0;
        Parallel.For(0, size, parallel, i =>
        {
            Span<double> upper = values.AsSpan(i * size + i + 1, size - i - 1);
            TensorPrimitives.Multiply(upper, scale, upper);
            TensorPrimitives.Exp(upper, upper);
        });
        return new RbfKernel(size, values, sigma);
    }

    private static ReadOnlySpan<double> Pooled(FeatureMatrix x, FeatureMatrix y, int i) => i < x.Rows ? x.Row(i) : y.Row(i - x.Rows);

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }

    private static double MedianDistance(double[] values, int size)
    {
        double[] pairs = new double[(long)size * (size - 1) / 2];
        for (int i = 0, at = 0; i < size; at += size - i - 1, i++)
            values.AsSpan(i * size + i + 1, size - i - 1).CopyTo(pairs.AsSpan(at));
        return Math.Sqrt(OrderStatistic.Select(pairs, pairs.Length / 2));
    }
}
