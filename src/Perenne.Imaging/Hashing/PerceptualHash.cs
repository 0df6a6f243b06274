using System.Globalization;
using System.Numerics;

namespace Perenne.Imaging;

/// <summary>
/// 64 signs of the low frequencies of a 32×32 cosine transform against their median (Zauner 2010, pHash). Robust to re-encoding, scaling and
/// brightness; not to crops or rotation.
/// </summary>
public readonly record struct PerceptualHash(ulong Bits)
{
    /// <summary>
    /// Distance up to which pictures count as near duplicates. Measured on DeepPCB: 600 of 600 re-encoded, scaled, dimmed or noisy copies lie within 2;
    /// of 120 boards and their defect-free twins 117 lie within 4, one at 6 and two above 30; of 55 611 pairs of different boards one lies within 4, so
    /// a match says "probably", and in some ten thousand pictures of one product chance matches are many.
    /// </summary>
    public const int NearDuplicateRadius = 4;

    private const int Side = 32;
    private static readonly double[] Cosines = MakeCosines();

    /// <summary>Differing bits, 0..64.</summary>
    public int Distance(PerceptualHash other) => BitOperations.PopCount(Bits ^ other.Bits);

    public override string ToString() => Bits.ToString("x16", CultureInfo.InvariantCulture);

    public static PerceptualHash Of(GrayImage image)
    {
        double[] small = Shrink(image), rows = new double[8 * Side], low = new double[64];
        for (int y = 0; y < Side; y++)
            for (int u = 0; u < 8; u++)
                for (int x = 0; x < Side; x++)
                    rows[y * 8 + u] += small[y * Side + x] * Cosines[(u + 1) * Side + x];
        for (int v = 0; v < 8; v++)
            for (int u = 0; u < 8; u++)
                for (int y = 0; y < Side; y++)
                    low[v * 8 + u] += rows[y * 8 + u] * Cosines[(v + 1) * Side + y];
        double[] sorted = [.. low.Order()];
        double median = (sorted[31] + sorted[32]) / 2;
        ulong bits = 0;
        for (int i = 0; i < 64; i++)
            bits |= low[i] > median ? 1UL << i : 0;
        return new PerceptualHash(bits);
    }

    // Exact area averages: a hash must not depend on how many pixels the same view was saved with.
    private static double[] Shrink(GrayImage image)
    {
        double[] cells = new double[Side * Side];
        double[] column = new double[Side];
        double scaleX = (double)image.Width / Side, scaleY = (double)image.Height / Side;
        for (int y = 0; y < Side; y++)
        {
            double top = y * scaleY, bottom = (y + 1) * scaleY;
            for (int sy = (int)top; sy < Math.Min(image.Height, Math.Ceiling(bottom)); sy++)
            {
                double weight = Math.Min(bottom, sy + 1) - Math.Max(top, sy);
                Array.Clear(column);
                for (int x = 0; x < Side; x++)
                {
                    double left = x * scaleX, right = (x + 1) * scaleX;
                    for (int sx = (int)left; sx < Math.Min(image.Width, Math.Ceiling(right)); sx++)
                        column[x] += (Math.Min(right, sx + 1) - Math.Max(left, sx)) * image.Pixels[sy * image.Width + sx];
                    cells[y * Side + x] += weight * column[x] / (scaleX * scaleY);
                }
            }
        }
        return cells;
    }

    private static double[] MakeCosines()
    {
        double[] table = new double[9 * Side];
        for (int u = 0; u < 9; u++)
            for (int x = 0; x < Side; x++)
                table[u * Side + x] = Math.Cos((2 * x + 1) * u * Math.PI / (2 * Side));
        return table;
    }
}
