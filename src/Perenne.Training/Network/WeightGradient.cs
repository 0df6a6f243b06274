using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Perenne.Training.Network;

/// <summary>What a 3×3 convolution reads and writes, channels last.</summary>
internal readonly record struct ConvShape(int Images, int Height, int Width, int In, int OutHeight, int OutWidth, int Out, int Stride);

/// <summary>
/// Gradient of a 3×3 convolution's weights on processors with AVX2 and without AVX-512. The library's own kernel for them takes twice the time of the other two passes together there, because it
/// was written for blocked memory; this one reads channels-last memory as it lies: for each of the nine taps a product of two thin matrices, accumulated in registers.
/// </summary>
internal static class WeightGradient
{
    private const int OutTile = 4, InTile = 16; // 8 accumulators, which hide the latency of a multiply-add
    private const int Positions = 48; // whose channels stay in the first cache while the tiles pass over them

    /// <summary>Where it is both possible and faster.</summary>
    public static bool IsUseful { get; } = Fma.IsSupported && !Avx512F.IsSupported;

    public static bool Takes(ConvLayer layer) => layer is { Kernel: 3, Norm: true } && layer.In % InTile == 0 && layer.Out % OutTile == 0;

    /// <summary>Adds the gradient. Threads share the output channels, so the sums do not depend on their number.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">[image, y, x, in].</param>
    /// <param name="output">Gradient of the output, [image, y, x, out].</param>
    /// <param name="weights">Gradient of the weights, [out, 3, 3, in].</param>
    /// <param name="threads">Threads to use.</param>
    public static unsafe void Add(ConvShape shape, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> weights, int threads)
    {
        fixed (float* x = input, y = output, w = weights)
        {
            (nint from, nint gradient, nint to) = ((nint)x, (nint)y, (nint)w);
            int tiles = shape.Out / OutTile, parts = Math.Clamp(threads, 1, tiles);
            if (parts == 1)
                AddPart(shape, x, y, w, 0, shape.Out);
            else
                Parallel.For(0, parts, part => AddPart(shape, (float*)from, (float*)gradient, (float*)to, part * tiles / parts * OutTile, (part + 1) * tiles / parts * OutTile));
        }
    }

    private static unsafe void AddPart(ConvShape s, float* x, float* y, float* w, int first, int end)
    {
        int rows = Math.Max(1, Positions / s.OutWidth);
        for (int image = 0; image < s.Images; image++)
            for (int row = 0; row < s.OutHeight; row += rows)
                for (int tap = 0; tap < 9; tap++)
                    AddTap(s, x + (long)image * s.Height * s.Width * s.In, y + (long)image * s.OutHeight * s.OutWidth * s.Out, w, tap, row, Math.Min(row + rows, s.OutHeight), first, end);
    }

    private static unsafe void AddTap(ConvShape s, float* x, float* y, float* w, int tap, int row, int lastRow, int first, int end)
    {
        int dy = tap / 3 - 1, dx = tap % 3 - 1;
        // Places where the tap lies inside the picture; around it there are zeros, which add nothing.
        if (row * s.Stride + dy < 0)
            row++;
        while (lastRow > row && (lastRow - 1) * s.Stride + dy >= s.Height)
            lastRow--;
        int left = dx < 0 ? 1 : 0, count = Math.Min(s.OutWidth, (s.Width - 1 - dx) / s.Stride + 1) - left;
        for (int o = first; o < end; o += OutTile)
            for (int i = 0; i < s.In; i += InTile)
            {
                float* sums = w + ((long)o * 9 + tap) * s.In + i;
                AddTile(y + ((long)row * s.OutWidth + left) * s.Out + o, x + ((long)(row * s.Stride + dy) * s.Width + left * s.Stride + dx) * s.In + i, sums, 9L * s.In,
                    lastRow - row, count, s.Out, s.Stride * s.In, (long)s.OutWidth * s.Out, (long)s.Stride * s.Width * s.In);
            }
    }

    // Four output channels by sixteen input channels over rows of places.
    private static unsafe void AddTile(float* y, float* x, float* sums, long sumStep, int rows, int count, int yStep, int xStep, long yRow, long xRow)
    {
        Vector256<float> a0 = Avx.LoadVector256(sums), a1 = Avx.LoadVector256(sums + 8), b0 = Avx.LoadVector256(sums + sumStep), b1 = Avx.LoadVector256(sums + sumStep + 8),
            c0 = Avx.LoadVector256(sums + 2 * sumStep), c1 = Avx.LoadVector256(sums + 2 * sumStep + 8), d0 = Avx.LoadVector256(sums + 3 * sumStep), d1 = Avx.LoadVector256(sums + 3 * sumStep + 8);
        for (int r = 0; r < rows; r++, y += yRow, x += xRow)
        {
            float* g = y, v = x;
            for (int k = 0; k < count; k++, g += yStep, v += xStep)
            {
                Vector256<float> low = Avx.LoadVector256(v), high = Avx.LoadVector256(v + 8);
                Vector256<float> one = Avx.BroadcastScalarToVector256(g);
                a0 = Fma.MultiplyAdd(one, low, a0);
                a1 = Fma.MultiplyAdd(one, high, a1);
                one = Avx.BroadcastScalarToVector256(g + 1);
                b0 = Fma.MultiplyAdd(one, low, b0);
                b1 = Fma.MultiplyAdd(one, high, b1);
                one = Avx.BroadcastScalarToVector256(g + 2);
                c0 = Fma.MultiplyAdd(one, low, c0);
                c1 = Fma.MultiplyAdd(one, high, c1);
                one = Avx.BroadcastScalarToVector256(g + 3);
                d0 = Fma.MultiplyAdd(one, low, d0);
                d1 = Fma.MultiplyAdd(one, high, d1);
            }
        }
        Avx.Store(sums, a0);
        Avx.Store(sums + 8, a1);
        Avx.Store(sums + sumStep, b0);
        Avx.Store(sums + sumStep + 8, b1);
        Avx.Store(sums + 2 * sumStep, c0);
        Avx.Store(sums + 2 * sumStep + 8, c1);
        Avx.Store(sums + 3 * sumStep, d0);
        Avx.Store(sums + 3 * sumStep + 8, d1);
    }
}
