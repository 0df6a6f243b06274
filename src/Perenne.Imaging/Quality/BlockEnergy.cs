using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Perenne.Imaging;

/// <summary>Per-pixel means over one block of 3×3 filters.</summary>
internal readonly record struct BlockEnergy(float LaplacianVariance, float LaplacianEnergy, float Tenengrad, float Noise)
{
    /// <summary>
    /// Filters the interior of a block. <paramref name="rows"/> holds brightness as 16-bit numbers, <paramref name="stride"/> apart, readable one column left and right of the block.
    /// <paramref name="columns"/> must be a multiple of the vector's lanes;
    /// </summary>
    public static BlockEnergy Measure(ReadOnlySpan<short> rows, int stride, int left, int columns, int height)
    {
        int lanes = Vector<short>.Count;
        ref short p = ref MemoryMarshal.GetReference(rows);
        Vector<int> lap1 = default, lap2 = default, grad = default, noise = default;
        Vector<short> one = Vector<short>.One;
        double lapEnergy = 0, gradEnergy = 0;
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = left; x < left + columns; x += lanes)
            {
                nuint at = (nuint)(y * stride + x);
                Vector<short> a = Load(ref p, at - (nuint)stride - 1), b = Load(ref p, at - (nuint)stride), c = Load(ref p, at - (nuint)stride + 1);
                Vector<short> d = Load(ref p, at - 1), e = Load(ref p, at), f = Load(ref p, at + 1);
                Vector<short> g = Load(ref p, at + (nuint)stride - 1), h = Load(ref p, at + (nuint)stride), i = Load(ref p, at + (nuint)stride + 1);
                Vector<short> cross = b + d + f + h, corners = a + c + g + i, e4 = e << 2;
                Vector<short> gx = c - a + (f - d << 1) + (i - g), gy = g - a + (h - b << 1) + (i - c);
                Vector<short> lap = cross - e4, n = corners - (cross << 1) + e4;
                lap1 += Products(lap, one);
                lap2 += Products(lap, lap);
                grad += Products(gx, gx) + Products(gy, gy);
                noise += Products(Vector.Abs(n), one);
            }
            // Squares are emptied every row: no sum can overflow whatever the block's size.
            lapEnergy += Vector.Sum(Vector.ConvertToDouble(Vector.WidenLower(lap2)) + Vector.ConvertToDouble(Vector.WidenUpper(lap2)));
            gradEnergy += Vector.Sum(Vector.ConvertToDouble(Vector.WidenLower(grad)) + Vector.ConvertToDouble(Vector.WidenUpper(grad)));
            lap2 = grad = default;
        }
        double pixels = (double)columns * (height - 2), mean = Vector.Sum(lap1) / pixels;
        return new BlockEnergy((float)(lapEnergy / pixels - mean * mean), (float)(lapEnergy / pixels), (float)(gradEnergy / pixels), (float)(Math.Sqrt(Math.PI / 2) / 6 * Vector.Sum(noise) / pixels));
    }

    private static Vector<short> Load(ref short p, nuint at) => Vector.LoadUnsafe(ref p, at);

    private static Vector<int> Products(Vector<short> a, Vector<short> b)
    {
        if (Avx2.IsSupported && Vector<short>.Count == 16)
            return Avx2.MultiplyAddAdjacent(a.AsVector256(), b.AsVector256()).AsVector();
        Vector.Widen(a, out Vector<int> a0, out Vector<int> a1);
        Vector.Widen(b, out Vector<int> b0, out Vector<int> b1);
        return a0 * b0 + a1 * b1;
    }
}
