using System.Numerics;
using System.Runtime.InteropServices;

namespace Perenne.Imaging;

/// <summary>Collects every measure in one pass over bands of <see cref="PixelBands.Rows"/> rows; memory is a few rows plus four numbers per block.</summary>
internal sealed class ImageAnalyzer
{
    private const int Block = PixelBands.Rows;

    // One column of margin left and a vector right, so that the filters need no case for the picture's edges.
    private readonly int width, stride;
    private readonly byte[] luma;
    private readonly short[] wide;
    private readonly long[] histogram = new long[256];
    private readonly int[] bins = new int[4 * 256];
    private readonly List<BlockEnergy> blocks = [];
    private readonly Reducer reducer;

    public ImageAnalyzer(int width, int height)
    {
        this.width = width;
        stride = width + 2 * Vector<short>.Count + 1;
        luma = new byte[width];
        wide = new short[stride * Block];
        reducer = new Reducer(width, height);
    }

    /// <summary>The picture in grey, reduced by a whole factor to at most 640 on its longest side.</summary>
    public GrayImage Reduced => reducer.Result;

    public void Add(PixelLayout layout, ReadOnlySpan<byte> band)
    {
        int bytes = width * layout.BytesPerPixel(), rows = band.Length / bytes;
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<byte> row = band.Slice(y * bytes, bytes);
            if (layout != PixelLayout.Gray8)
            {
                Luma.Convert(layout, row, luma);
                row = luma;
            }
            Count(row);
            reducer.Add(row);
            Widen(row, wide.AsSpan(y * stride, stride));
        }
        for (int i = 0; i < bins.Length; i++)
            histogram[i & 255] += bins[i];
        Array.Clear(bins);
        if (rows < 3 || (rows < Block / 2 && blocks.Count > 0))
            return;
        int lanes = Vector<short>.Count;
        for (int x = 0; x < width; x += Block)
        {
            int columns = Math.Min(Block, width - x) / lanes * lanes;
            if (columns >= Block / 2 || (columns > 0 && x == 0))
                blocks.Add(BlockEnergy.Measure(wide, stride, x + 1, columns, rows));
        }
    }

    public ImageMeasures Finish() => MeasureSummary.Of(histogram, blocks);

    private void Count(ReadOnlySpan<byte> row)
    {
        // Four tables, because flat pictures would make one counter wait for its own store.
        ref int h = ref MemoryMarshal.GetArrayDataReference(bins);
        int x = 0;
        for (; x <= row.Length - 8; x += 8)
        {
            ulong v = MemoryMarshal.Read<ulong>(row[x..]);
            System.Runtime.CompilerServices.Unsafe.Add(ref h, (int)(v & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, 256 + (int)(v >> 8 & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, 512 + (int)(v >> 16 & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, 768 + (int)(v >> 24 & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, (int)(v >> 32 & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, 256 + (int)(v >> 40 & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, 512 + (int)(v >> 48 & 255))++;
            System.Runtime.CompilerServices.Unsafe.Add(ref h, 768 + (int)(v >> 56))++;
        }
        for (; x < row.Length; x++)
            bins[row[x]]++;
    }

    private static void Widen(ReadOnlySpan<byte> row, Span<short> to)
    {
        int lanes = Vector<byte>.Count, x = 0;
        for (; x <= row.Length - lanes; x += lanes)
        {
            Vector.Widen(new Vector<byte>(row[x..]), out Vector<ushort> low, out Vector<ushort> high);
            low.As<ushort, short>().CopyTo(to[(x + 1)..]);
            high.As<ushort, short>().CopyTo(to[(x + 1 + lanes / 2)..]);
        }
        for (; x < row.Length; x++)
            to[x + 1] = row[x];
        // Reflected, not repeated: at the edge a repeated column would be a gradient that is not in the picture.
        to[0] = row[Math.Min(1, row.Length - 1)];
        to[(row.Length + 1)..].Fill(row[Math.Max(0, row.Length - 2)]);
    }
}
