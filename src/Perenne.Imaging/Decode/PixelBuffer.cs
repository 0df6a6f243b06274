using System.Buffers;
using System.Runtime.InteropServices;

namespace Perenne.Imaging;

/// <summary>Upright pixels, row by row without padding, in pooled memory. Dispose returns the memory; spans must not outlive it.</summary>
public sealed class PixelBuffer : IDisposable
{
    private byte[]? bytes;

    public PixelBuffer(int width, int height, PixelLayout layout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (Width, Height, Layout) = (width, height, layout);
        Stride = width * layout.BytesPerPixel();
        bytes = ArrayPool<byte>.Shared.Rent(checked(Stride * height));
    }

    public int Width { get; }
    public int Height { get; }
    public PixelLayout Layout { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Stride × Height bytes.</summary>
    public Span<byte> Bytes => Array.AsSpan(0, Stride * Height);

    public Memory<byte> Memory => Array.AsMemory(0, Stride * Height);

    public Span<byte> Row(int y) => Array.AsSpan(y * Stride, Stride);

    /// <summary>A row of a 16-bit layout.</summary>
    public Span<ushort> Row16(int y) => MemoryMarshal.Cast<byte, ushort>(Row(y));

    /// <summary>Perceived brightness sqrt(.241 R² + .691 G² + .068 B²) as a new Gray8 buffer; 16 bit is cut to its upper 8.</summary>
    public PixelBuffer ToLuma()
    {
        PixelBuffer luma = new(Width, Height, PixelLayout.Gray8);
        for (int y = 0; y < Height; y++)
            Luma.Convert(Layout, Row(y), luma.Row(y));
        return luma;
    }

    internal byte[] Array => bytes ?? throw new ObjectDisposedException(nameof(PixelBuffer));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref bytes, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
