using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>
/// MMD² of any split of the pooled vectors. With z = 1 for the first group, r = K·1 and T = 1ᵀK1, the three sums are
/// S_xx = zᵀKz, S_xy = zᵀr − S_xx, S_yy = T − 2zᵀr + S_xx: one quadratic form per permutation. Eight permutations are
/// evaluated together against the upper triangle of K, four rows at a time, so that each kernel value is loaded once for eight uses.
/// </summary>
internal sealed class MmdSums
{
    private const int Lanes = 8, RowsAtOnce = 4;
    private readonly RbfKernel kernel;
    private readonly int first;
    private readonly double[] rowSums;
    private readonly double total;

    private MmdSums(RbfKernel kernel, int first, double[] rowSums) =>
        (this.kernel, this.first, this.rowSums, total) = (kernel, first, rowSums, rowSums.Sum());

    public static MmdSums Of(RbfKernel kernel, int first)
    {
        double[] sums = new double[kernel.Size];
        for (int i = 0; i < kernel.Size; i++)
            for (int j = i + 1; j < kernel.Size; j++)
            {
                double value = kernel.Values[i * kernel.Size + j];
                sums[i] += value;
                sums[j] += value;
            }
        return new MmdSums(kernel, first, sums);
    }

    public double Observed()
    {
        double[] z = new double[kernel.Size * Lanes], result = new double[Lanes];
        for (int i = 0; i < first; i++)
            z[i * Lanes] = 1;
        Evaluate(z, result);
        return result[0];
    }

    public double[] Permuted(int permutations, ulong seed, int threads)
    {
        double[] results = new double[(permutations + Lanes - 1) / Lanes * Lanes];
        Parallel.For(0, results.Length / Lanes, new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Z: new double[kernel.Size * Lanes], Order: new int[kernel.Size]),
            (batch, _, local) =>
            {
                Array.Clear(local.Z);
                for (int lane = 0; lane < Lanes; lane++)
                    Draw(new SeededRandom(seed, (ulong)(batch * Lanes + lane)), local.Z, local.Order, lane);
                Evaluate(local.Z, results.AsSpan(batch * Lanes, Lanes));
                return local;
            },
            static _ => { });
        return results[..permutations];
    }

    private void Draw(SeededRandom random, double[] z, int[] order, int lane)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        for (int i = 0; i < first; i++)
        {
            int j = i + random.Next(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
            z[order[i] * Lanes + lane] = 1;
        }
    }

    private void Evaluate(double[] z, Span<double> results)
    {
        Vector256<double> quadraticLow = default, quadraticHigh = default, linearLow = default, linearHigh = default;
        ref double groups = ref MemoryMarshal.GetArrayDataReference(z);
        for (int i = 0; i < kernel.Size; i += RowsAtOnce)
            if (i + RowsAtOnce <= kernel.Size)
                FourRows(i, ref groups, ref quadraticLow, ref quadraticHigh);
            else
                for (int row = i; row < kernel.Size; row++)
                    OneRow(row, row + 1, kernel.Size, ref groups, ref quadraticLow, ref quadraticHigh);
        for (int i = 0; i < kernel.Size; i++)
        {
            linearLow += Group(ref groups, i, 0) * rowSums[i];
            linearHigh += Group(ref groups, i, 4) * rowSums[i];
        }
        for (int lane = 0; lane < Lanes; lane++)
        {
            double half = lane < 4 ? quadraticLow[lane] : quadraticHigh[lane - 4], linear = lane < 4 ? linearLow[lane] : linearHigh[lane - 4];
            results[lane] = Statistic(2 * half, linear);
        }
    }

    private double Statistic(double xx, double linear)
    {
        double m = first, n = kernel.Size - first;
        return xx / (m * (m - 1)) + (total - 2 * linear + xx) / (n * (n - 1)) - 2 * (linear - xx) / (m * n);
    }

    private void FourRows(int i, ref double groups, ref Vector256<double> low, ref Vector256<double> high)
    {
        for (int row = i; row < i + RowsAtOnce - 1; row++)
            OneRow(row, row + 1, i + RowsAtOnce, ref groups, ref low, ref high);
        Vector256<double> low0 = default, low1 = default, low2 = default, low3 = default;
        Vector256<double> high0 = default, high1 = default, high2 = default, high3 = default;
        int size = kernel.Size;
        ref double row0 = ref kernel.Values[i * size], row1 = ref kernel.Values[(i + 1) * size];
        ref double row2 = ref kernel.Values[(i + 2) * size], row3 = ref kernel.Values[(i + 3) * size];
        for (int j = i + RowsAtOnce; j < size; j++)
        {
            Vector256<double> zLow = Group(ref groups, j, 0), zHigh = Group(ref groups, j, 4);
            Vector256<double> value = Value(ref row0, j);
            low0 = Vector256.FusedMultiplyAdd(value, zLow, low0);
            high0 = Vector256.FusedMultiplyAdd(value, zHigh, high0);
            value = Value(ref row1, j);
            low1 = Vector256.FusedMultiplyAdd(value, zLow, low1);
            high1 = Vector256.FusedMultiplyAdd(value, zHigh, high1);
            value = Value(ref row2, j);
            low2 = Vector256.FusedMultiplyAdd(value, zLow, low2);
            high2 = Vector256.FusedMultiplyAdd(value, zHigh, high2);
            value = Value(ref row3, j);
            low3 = Vector256.FusedMultiplyAdd(value, zLow, low3);
            high3 = Vector256.FusedMultiplyAdd(value, zHigh, high3);
        }
        low += low0 * Group(ref groups, i, 0) + low1 * Group(ref groups, i + 1, 0) + low2 * Group(ref groups, i + 2, 0) + low3 * Group(ref groups, i + 3, 0);
        high += high0 * Group(ref groups, i, 4) + high1 * Group(ref groups, i + 1, 4) + high2 * Group(ref groups, i + 2, 4) + high3 * Group(ref groups, i + 3, 4);
    }

    private void OneRow(int i, int from, int to, ref double groups, ref Vector256<double> low, ref Vector256<double> high)
    {
        Vector256<double> sumLow = default, sumHigh = default;
        ref double row = ref kernel.Values[i * kernel.Size];
        for (int j = from; j < to; j++)
        {
            Vector256<double> value = Value(ref row, j);
            sumLow += value * Group(ref groups, j, 0);
            sumHigh += value * Group(ref groups, j, 4);
        }
        low += sumLow * Group(ref groups, i, 0);
        high += sumHigh * Group(ref groups, i, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Value(ref double row, int at) => Vector256.Create(Unsafe.Add(ref row, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Group(ref double groups, int i, int lane) => Vector256.LoadUnsafe(ref groups, (nuint)(i * Lanes + lane));
}
