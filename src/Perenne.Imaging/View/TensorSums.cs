using System.Numerics;

namespace Perenne.Imaging;

/// <summary>Structure tensor (sums of gradient products over a square window) at every column of one row; moving down a row adds one row and takes one off.</summary>
internal sealed class TensorSums(byte[] pixels, int width, int window, int margin)
{
    private readonly int[] xx = new int[width], yy = new int[width], xy = new int[width];
    private readonly int[] wideXx = new int[width], wideYy = new int[width], wideXy = new int[width];
    private int row = -1;

    public void MoveTo(int y)
    {
        if (row < 0)
            for (int dy = -window; dy <= window; dy++)
                Add(y + dy, 1);
        else
        {
            Add(y + window, 1);
            Add(row - window, -1);
        }
        row = y;
        Widen(xx, wideXx);
        Widen(yy, wideYy);
        Widen(xy, wideXy);
    }

    /// <summary>Mean over the window; 0 where it cannot exceed <paramref name="above"/> (it is at most the smaller of the two diagonal sums).</summary>
    public float SmallerEigenvalue(int x, float above)
    {
        int n = (2 * window + 1) * (2 * window + 1), a = wideXx[x], b = wideYy[x];
        if (Math.Min(a, b) <= above * n)
            return 0;
        double c = wideXy[x], half = (a - (double)b) / 2;
        float value = (float)(((a + (double)b) / 2 - Math.Sqrt(half * half + c * c)) / n);
        return value > above ? value : 0;
    }

    private void Add(int y, int sign)
    {
        int at = y * width;
        for (int x = margin - window; x < width - margin + window; x++)
        {
            int gx = pixels[at + x + 1] - pixels[at + x - 1], gy = pixels[at + x + width] - pixels[at + x - width];
            xx[x] += sign * gx * gx;
            yy[x] += sign * gy * gy;
            xy[x] += sign * gx * gy;
        }
    }

    private void Widen(int[] from, int[] to)
    {
        int x = margin, lanes = Vector<int>.Count;
        for (; x <= width - margin - lanes; x += lanes)
        {
            Vector<int> sum = new(from, x);
            for (int d = 1; d <= window; d++)
                sum += new Vector<int>(from, x - d) + new Vector<int>(from, x + d);
            sum.CopyTo(to, x);
        }
        for (; x < width - margin; x++)
        {
            int sum = 0;
            for (int d = -window; d <= window; d++)
                sum += from[x + d];
            to[x] = sum;
        }
    }
}
