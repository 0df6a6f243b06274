using System.Numerics.Tensors;

namespace Perenne.Vision.Statistics;

/// <summary>Eigenvalues of small symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan, section 8.5).</summary>
internal static class SymmetricEigen
{
    /// <summary>Values descending; vectors in the columns.</summary>
    public static (double[] Values, double[,] Vectors) Decompose(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone(), v = new double[size, size];
        for (int i = 0; i < size; i++)
            v[i, i] = 1;
        for (int sweep = 0; sweep < 60; sweep++)
        {
            bool rotated = false;
            for (int p = 0; p < size; p++)
                for (int q = p + 1; q < size; q++)
                    if (Math.Abs(a[p, q]) > 1e-16 * Math.Sqrt(Math.Abs(a[p, p] * a[q, q])) && a[p, q] != 0)
                    {
                        Rotate(a, v, p, q, size);
                        rotated = true;
                    }
            if (!rotated)
                break;
        }
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => a[i, i])];
        double[,] vectors = new double[size, size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                vectors[i, j] = v[i, order[j]];
        return ([.. order.Select(i => a[i, i])], vectors);
    }

    /// <summary>Makes the rows orthonormal in place (Gram-Schmidt, twice for full precision); a dependent row becomes 0.</summary>
    public static void Orthonormalize(double[][] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            double before = TensorPrimitives.Norm<double>(rows[i]);
            for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < i; j++)
                    TensorPrimitives.MultiplyAdd(rows[j], -TensorPrimitives.Dot<double>(rows[i], rows[j]), rows[i], rows[i]);
            double norm = TensorPrimitives.Norm<double>(rows[i]);
            if (norm > before * 1e-13)
                TensorPrimitives.Divide(rows[i], norm, rows[i]);
            else
                Array.Clear(rows[i]);
        }
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q, int size)
    {
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < size; k++)
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < size; k++)
            (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (int k = 0; k < size; k++)
            (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]);
    }
}
