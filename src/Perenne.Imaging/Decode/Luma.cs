using System.Numerics;
using System.Runtime.InteropServices;

namespace Perenne.Imaging;

/// <summary>Perceived brightness (HSP model) of one row, 0..255; grey passes through because the weights sum to 1.</summary>
internal static class Luma
{
    public static void Convert(PixelLayout layout, ReadOnlySpan<byte> row, Span<byte> luma)
    {
        switch (layout)
        {
            case PixelLayout.Gray8:
                row.CopyTo(luma);
                break;
            case PixelLayout.Rgba32:
                FromRgba(MemoryMarshal.Cast<byte, uint>(row), luma);
                break;
            case PixelLayout.Gray16:
                FromGray16(MemoryMarshal.Cast<byte, ushort>(row), luma);
                break;
            default:
                FromRgb48(MemoryMarshal.Cast<byte, ushort>(row), luma);
                break;
        }
    }

    private static void FromRgba(ReadOnlySpan<uint> row, Span<byte> luma)
    {
        int lanes = Vector<uint>.Count, x = 0;
        for (; x <= row.Length - 4 * lanes; x += 4 * lanes)
        {
            Vector<ushort> low = Vector.Narrow(Four(row, x), Four(row, x + lanes));
            Vector<ushort> high = Vector.Narrow(Four(row, x + 2 * lanes), Four(row, x + 3 * lanes));
            Vector.Narrow(low, high).CopyTo(luma[x..]);
        }
        for (; x < row.Length; x++)
            luma[x] = One(row[x] & 255, row[x] >> 8 & 255, row[x] >> 16 & 255);
    }

    private static Vector<uint> Four(ReadOnlySpan<uint> row, int x)
    {
        Vector<uint> v = new(row[x..]), mask = new(255u);
        Vector<float> r = Vector.ConvertToSingle((v & mask).As<uint, int>());
        Vector<float> g = Vector.ConvertToSingle((v >> 8 & mask).As<uint, int>());
        Vector<float> b = Vector.ConvertToSingle((v >> 16 & mask).As<uint, int>());
        Vector<float> sum = r * r * .241f + g * g * .691f + b * b * .068f;
        return Vector.ConvertToInt32Native(Vector.SquareRoot(sum) + new Vector<float>(.5f)).As<int, uint>();
    }

    private static void FromGray16(ReadOnlySpan<ushort> row, Span<byte> luma)
    {
        int lanes = Vector<ushort>.Count, x = 0;
        for (; x <= row.Length - 2 * lanes; x += 2 * lanes)
            Vector.Narrow(new Vector<ushort>(row[x..]) >> 8, new Vector<ushort>(row[(x + lanes)..]) >> 8).CopyTo(luma[x..]);
        for (; x < row.Length; x++)
            luma[x] = (byte)(row[x] >> 8);
    }

    private static void FromRgb48(ReadOnlySpan<ushort> row, Span<byte> luma)
    {
        for (int x = 0; x < luma.Length; x++)
            luma[x] = One(row[3 * x] / 257f, row[3 * x + 1] / 257f, row[3 * x + 2] / 257f);
    }

    private static byte One(float r, float g, float b) => (byte)(MathF.Sqrt(r * r * .241f + g * g * .691f + b * b * .068f) + .5f);
}
