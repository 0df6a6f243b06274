using System.Buffers.Binary;

namespace Perenne.Imaging;

/// <summary>Where one encoded tile lies in its pack.</summary>
public readonly record struct TileRange(long Offset, int Length);

/// <summary>
/// The head of a tile pack (docs/adr: one file per picture). Level 0 is native, each next level half of it, the last one a single tile.
/// Layout, little endian: "PTILES01", int32 width, height, tile size, level count; then per level, row by row, int64 offset and int32 length.
/// </summary>
public sealed class TileIndex
{
    internal const int HeaderBytes = 24, EntryBytes = 12;
    internal static ReadOnlySpan<byte> Magic => "PTILES01"u8;

    private readonly TileRange[][] ranges;

    internal TileIndex(int width, int height, int tileSize)
    {
        (Width, Height, TileSize) = (width, height, tileSize);
        List<TileRange[]> levels = [];
        for (int w = width, h = height; ; (w, h) = ((w + 1) / 2, (h + 1) / 2))
        {
            levels.Add(new TileRange[Columns(levels.Count) * RowCount(levels.Count)]);
            if (w <= tileSize && h <= tileSize)
                break;
        }
        ranges = [.. levels];
    }

    public int Width { get; }
    public int Height { get; }
    public int TileSize { get; }
    public int Levels => ranges.Length;

    /// <summary>Bytes of the index of a picture of this size as <see cref="Derivatives"/> writes it: what to read of a pack before its tiles.</summary>
    /// <param name="width">Pixels of the upright picture.</param>
    /// <param name="height">Pixels of the upright picture.</param>
    public static int BytesOf(int width, int height) => new TileIndex(width, height, Derivatives.TileSize).Bytes;

    /// <summary>Bytes from the pack's start that hold this index.</summary>
    public int Bytes => HeaderBytes + EntryBytes * ranges.Sum(l => l.Length);

    public int LevelWidth(int level) => (int)((Width + (1L << level) - 1) >> level);
    public int LevelHeight(int level) => (int)((Height + (1L << level) - 1) >> level);
    public int Columns(int level) => (LevelWidth(level) + TileSize - 1) / TileSize;
    public int RowCount(int level) => (LevelHeight(level) + TileSize - 1) / TileSize;

    /// <summary>The byte range of a tile's JPEG, or null where there is none.</summary>
    public TileRange? Find(int level, int column, int row) =>
        level >= 0 && level < Levels && column >= 0 && column < Columns(level) && row >= 0 && row < RowCount(level) ? ranges[level][row * Columns(level) + column] : null;

    internal void Set(int level, int column, int row, TileRange range) => ranges[level][row * Columns(level) + column] = range;

    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        int[] numbers = [Width, Height, TileSize, Levels];
        for (int i = 0; i < 4; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8 + 4 * i), numbers[i]);
        int at = HeaderBytes;
        foreach (TileRange range in ranges.SelectMany(l => l))
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), range.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 8), range.Length);
            at += EntryBytes;
        }
        return bytes;
    }

    /// <summary>Reads the index from the pack's first bytes; the stream stays open.</summary>
    /// <exception cref="InvalidDataException">The stream is not a tile pack.</exception>
    public static TileIndex Read(Stream pack)
    {
        byte[] head = new byte[HeaderBytes];
        if (pack.ReadAtLeast(head, HeaderBytes, false) < HeaderBytes || !head.AsSpan(0, 8).SequenceEqual(Magic))
            throw new InvalidDataException("Not a tile pack: it does not begin with PTILES01.");
        int Number(int i) => BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8 + 4 * i));
        if (Number(0) is < 1 or > 1_000_000 || Number(1) is < 1 or > 1_000_000 || Number(2) is < 64 or > 4096)
            throw new InvalidDataException("The tile pack's header holds impossible sizes.");
        TileIndex index = new(Number(0), Number(1), Number(2));
        byte[] body = new byte[index.Bytes - HeaderBytes];
        if (index.Levels != Number(3) || pack.ReadAtLeast(body, body.Length, false) < body.Length)
            throw new InvalidDataException("The tile pack's index is cut off.");
        int at = 0;
        foreach (TileRange[] level in index.ranges)
            for (int i = 0; i < level.Length; i++, at += EntryBytes)
                level[i] = new TileRange(BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(at)), BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at + 8)));
        return index;
    }
}
