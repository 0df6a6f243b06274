namespace Perenne.Imaging;

/// <summary>
/// Writes the pyramid while rows stream through. Memory: one row of tiles per level, so about 2 × tile size × width × channels bytes
/// (some 120 MB at 30 000 pixels in colour), plus a preview of at most 2048².
/// </summary>
internal sealed class TilePackWriter
{
    private const int Quality = 87, PreviewSide = 2048;
    private readonly TileIndex index;
    private readonly Stream pack;
    private readonly long start;
    private readonly List<TileLevel> levels = [];
    private readonly byte[] row, preview;
    private readonly PixelLayout layout;
    private readonly int channels, previewLevel;
    private long at;

    public TilePackWriter(int width, int height, PixelLayout layout, Stream pack, int tileSize)
    {
        index = new TileIndex(width, height, tileSize);
        channels = layout is PixelLayout.Gray8 or PixelLayout.Gray16 ? 1 : 4;
        (this.layout, this.pack, start, at) = (layout, pack, pack.Position, index.Bytes);
        TileLevel? next = null;
        for (int level = index.Levels - 1; level >= 0; level--)
            levels.Insert(0, next = new TileLevel(index.LevelWidth(level), index.LevelHeight(level), channels, tileSize, Emit, next));
        previewLevel = levels.FindIndex(l => Math.Max(l.Width, l.Height) <= PreviewSide);
        preview = new byte[levels[previewLevel].Width * levels[previewLevel].Height * channels];
        row = new byte[width * channels];
        pack.Position = start + at;
    }

    public void Add(ReadOnlySpan<byte> band)
    {
        int bytes = index.Width * layout.BytesPerPixel();
        for (int y = 0; y < band.Length / bytes; y++)
        {
            ToEight(band.Slice(y * bytes, bytes));
            levels[0].Push(row);
        }
    }

    /// <summary>Writes the index into the space kept for it.</summary>
    public void Finish()
    {
        pack.Position = start;
        pack.Write(index.ToBytes());
        pack.Position = start + at;
    }

    public void WriteThumbnail(int longest, Stream to)
    {
        TileLevel level = levels[previewLevel];
        Jpeg.WriteScaled(preview, level.Width, level.Height, channels, longest, Quality, to);
    }

    private void Emit(TileLevel level, int tileRow, int height, ReadOnlySpan<byte> strip)
    {
        int number = levels.IndexOf(level), stride = level.Width * channels;
        if (number == previewLevel)
            strip[..(height * stride)].CopyTo(preview.AsSpan(tileRow * index.TileSize * stride));
        for (int column = 0; column * index.TileSize < level.Width; column++)
        {
            int x = column * index.TileSize, width = Math.Min(index.TileSize, level.Width - x);
            Jpeg.Write(strip[(x * channels)..], width, height, stride, channels, Quality, pack);
            long end = pack.Position - start;
            index.Set(number, column, tileRow, new TileRange(at, (int)(end - at)));
            at = end;
        }
    }

    private void ToEight(ReadOnlySpan<byte> source)
    {
        switch (layout)
        {
            case PixelLayout.Gray16:
                Luma.Convert(layout, source, row);
                break;
            case PixelLayout.Rgb48:
                ReadOnlySpan<ushort> deep = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(source);
                for (int x = 0; x < index.Width; x++)
                    (row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]) = ((byte)(deep[3 * x] >> 8), (byte)(deep[3 * x + 1] >> 8), (byte)(deep[3 * x + 2] >> 8), 255);
                break;
            default:
                source.CopyTo(row);
                break;
        }
    }
}
