namespace Perenne.Imaging;

/// <summary>A homography, row by row, on coordinates scaled so that the longest side is 1.</summary>
internal sealed record Motion(double[] H)
{
    public (double X, double Y) Apply(double x, double y)
    {
        double w = H[6] * x + H[7] * y + 1;
        return ((H[0] * x + H[1] * y + H[2]) / w, (H[3] * x + H[4] * y + H[5]) / w);
    }

    /// <summary>Turn, scale and shift through two pairs; null where they coincide or the scale is beyond ×/÷1.3.</summary>
    public static Motion? Similarity((double X, double Y) a, (double X, double Y) b, (double X, double Y) a2, (double X, double Y) b2)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, ex = b2.X - a2.X, ey = b2.Y - a2.Y, n = dx * dx + dy * dy;
        if (n < .01)
            return null;
        double c = (dx * ex + dy * ey) / n, s = (dx * ey - dy * ex) / n, scale = Math.Sqrt(c * c + s * s);
        return scale is < .77 or > 1.3 ? null : new Motion([c, -s, a2.X - c * a.X + s * a.Y, s, c, a2.Y - s * a.X - c * a.Y, 0, 0]);
    }

    /// <summary>Least squares over pairs (Hartley and Zisserman 4.1, inhomogeneous); null when they do not determine it.</summary>
    public static Motion? Fit(List<((double X, double Y) From, (double X, double Y) To)> pairs)
    {
        double[,] m = new double[8, 9];
        double[] r = new double[9];
        foreach (((double x, double y), (double u, double v)) in pairs)
        {
            Accumulate([x, y, 1, 0, 0, 0, -u * x, -u * y, u]);
            Accumulate([0, 0, 0, x, y, 1, -v * x, -v * y, v]);
        }
        return Solve(m) is { } h ? new Motion(h) : null;

        void Accumulate(ReadOnlySpan<double> row)
        {
            row.CopyTo(r);
            for (int i = 0; i < 8; i++)
                for (int j = 0; j < 9; j++)
                    m[i, j] += r[i] * r[j];
        }
    }

    private static double[]? Solve(double[,] m)
    {
        for (int c = 0; c < 8; c++)
        {
            int pivot = Enumerable.Range(c, 8 - c).MaxBy(i => Math.Abs(m[i, c]));
            if (Math.Abs(m[pivot, c]) < 1e-12)
                return null;
            for (int j = 0; j < 9; j++)
                (m[c, j], m[pivot, j]) = (m[pivot, j], m[c, j]);
            for (int i = 0; i < 8; i++)
            {
                double f = i == c ? 0 : m[i, c] / m[c, c];
                for (int j = c; f != 0 && j < 9; j++)
                    m[i, j] -= f * m[c, j];
            }
        }
        return [.. Enumerable.Range(0, 8).Select(i => m[i, 8] / m[i, i])];
    }
}
