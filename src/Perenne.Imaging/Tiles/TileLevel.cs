namespace Perenne.Imaging;

/// <summary>One level of the pyramid while rows stream through: a row of tiles, and every second row averaged into the next level.</summary>
internal sealed class TileLevel
{
    private readonly byte[] strip, pending, half;
    private readonly int channels, tileSize;
    private readonly Action<TileLevel, int, int, ReadOnlySpan<byte>> emit;
    private int rows;

    public TileLevel(int width, int height, int channels, int tileSize, Action<TileLevel, int, int, ReadOnlySpan<byte>> emit, TileLevel? next)
    {
        (Width, Height, this.channels, this.tileSize, this.emit, Next) = (width, height, channels, tileSize, emit, next);
        strip = new byte[width * channels * Math.Min(tileSize, height)];
        pending = new byte[width * channels];
        half = new byte[(width + 1) / 2 * channels];
    }

    public int Width { get; }
    public int Height { get; }
    public TileLevel? Next { get; }

    public void Push(ReadOnlySpan<byte> row)
    {
        row.CopyTo(strip.AsSpan(rows % tileSize * row.Length));
        rows++;
        if (rows % tileSize == 0 || rows == Height)
            emit(this, (rows - 1) / tileSize, (rows - 1) % tileSize + 1, strip);
        if (Next is null)
            return;
        if (rows % 2 == 1 && rows < Height)
        {
            row.CopyTo(pending);
            return;
        }
        Average(rows % 2 == 1 ? row : pending, row);
        Next.Push(half);
    }

    private void Average(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (int x = 0, to = 0; x < Width; x += 2)
        {
            int right = x + 1 < Width ? channels : 0;
            for (int c = 0, at = x * channels; c < channels; c++, at++)
                half[to++] = (byte)(a[at] + a[at + right] + b[at] + b[at + right] + 2 >> 2);
        }
    }
}
