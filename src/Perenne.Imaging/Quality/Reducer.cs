using System.Numerics;

namespace Perenne.Imaging;

/// <summary>Grey pixels of a reduced picture. <paramref name="Factor"/> native pixels per reduced pixel.</summary>
public sealed record GrayImage(int Width, int Height, int Factor, byte[] Pixels);

/// <summary>Box reduction by a whole factor while rows pass by; rows and columns that do not fill a cell are dropped.</summary>
internal sealed class Reducer
{
    private const int Longest = 640;
    private readonly int factor, width, height;
    private readonly byte[] result;
    private readonly int[] sums;
    private int row;

    public Reducer(int width, int height)
    {
        factor = Math.Max(1, (Math.Max(width, height) + Longest - 1) / Longest);
        factor = Math.Max(1, Math.Min(factor, Math.Min(width, height)));
        (this.width, this.height) = (width / factor, height / factor);
        result = new byte[this.width * this.height];
        sums = new int[this.width * factor];
    }

    public GrayImage Result => new(width, height, factor, result);

    public void Add(ReadOnlySpan<byte> luma)
    {
        int y = row / factor;
        if (y >= height)
            return;
        if (factor == 1)
        {
            luma[..width].CopyTo(result.AsSpan(y * width));
            row++;
            return;
        }
        int lanes = Vector<byte>.Count, x = 0;
        for (; x <= sums.Length - lanes; x += lanes)
        {
            Vector.Widen(new Vector<byte>(luma[x..]), out Vector<ushort> low, out Vector<ushort> high);
            int n = Vector<int>.Count;
            (new Vector<int>(sums, x) + Vector.WidenLower(low).As<uint, int>()).CopyTo(sums, x);
            (new Vector<int>(sums, x + n) + Vector.WidenUpper(low).As<uint, int>()).CopyTo(sums, x + n);
            (new Vector<int>(sums, x + 2 * n) + Vector.WidenLower(high).As<uint, int>()).CopyTo(sums, x + 2 * n);
            (new Vector<int>(sums, x + 3 * n) + Vector.WidenUpper(high).As<uint, int>()).CopyTo(sums, x + 3 * n);
        }
        for (; x < sums.Length; x++)
            sums[x] += luma[x];
        if (++row % factor == 0)
            Flush(y);
    }

    private void Flush(int y)
    {
        int area = factor * factor;
        for (int x = 0, at = 0; x < width; x++)
        {
            int sum = area / 2;
            for (int i = 0; i < factor; i++)
                sum += sums[at++];
            result[y * width + x] = (byte)(sum / area);
        }
        Array.Clear(sums);
    }
}
