using System.Buffers.Binary;

namespace Perenne.Imaging;

internal readonly record struct TiffEntry(ushort Tag, ushort Type, long Count, long ValueOffset);

/// <summary>Reads image file directories of TIFF, BigTIFF and EXIF (TIFF 6.0 section 2). Never follows more than the caller asks for.</summary>
internal sealed class TiffReader
{
    private readonly ImageSource source;
    private readonly long origin;
    private readonly bool little;

    public TiffReader(ImageSource source, long origin)
    {
        this.source = source;
        this.origin = origin;
        ReadOnlySpan<byte> head = source.Peek(origin, 16);
        if (head.Length < 8)
            throw ProbeException.Truncated("the TIFF header");
        little = head[0] == 'I';
        ushort magic = U16(head[2..]);
        IsBig = magic == 43;
        if ((head[0], head[1]) is not (((byte)'I', (byte)'I') or ((byte)'M', (byte)'M')) || magic is not (42 or 43) || (IsBig && head.Length < 16))
            throw ProbeException.Corrupt("its TIFF header is not one");
        FirstDirectory = IsBig ? checked((long)U64(head[8..])) : U32(head[4..]);
    }

    public bool IsBig { get; }
    public long FirstDirectory { get; }

    public (Dictionary<ushort, TiffEntry> Entries, long Next) Directory(long at)
    {
        int countSize = IsBig ? 8 : 2, entrySize = IsBig ? 20 : 12;
        ReadOnlySpan<byte> head = source.Peek(origin + at, countSize);
        if (at <= 0 || head.Length < countSize)
            throw ProbeException.Truncated("a TIFF directory");
        ulong count = IsBig ? U64(head) : U16(head);
        if (count is 0 or > 4096)
            throw ProbeException.Corrupt($"a TIFF directory declares {count} entries");
        byte[] body = source.Read(origin + at + countSize, (int)count * entrySize + (IsBig ? 8 : 4));
        if (body.Length < (int)count * entrySize)
            throw ProbeException.Truncated("a TIFF directory");
        Dictionary<ushort, TiffEntry> entries = [];
        for (int i = 0; i < (int)count; i++)
        {
            ReadOnlySpan<byte> e = body.AsSpan(i * entrySize, entrySize);
            ushort type = U16(e[2..]);
            long n = IsBig ? (long)Math.Min(U64(e[4..]), long.MaxValue) : U32(e[4..]);
            int valueAt = IsBig ? 12 : 8;
            bool inline = n <= (IsBig ? 8 : 4) && n * SizeOf(type) <= (IsBig ? 8 : 4);
            long offset = inline
                ? at + countSize + i * entrySize + valueAt
                : IsBig ? (long)Math.Min(U64(e[valueAt..]), long.MaxValue) : U32(e[valueAt..]);
            entries[U16(e)] = new TiffEntry(U16(e), type, n, offset);
        }
        ReadOnlySpan<byte> tail = body.AsSpan((int)count * entrySize);
        long next = tail.Length < (IsBig ? 8 : 4) ? 0 : IsBig ? (long)Math.Min(U64(tail), long.MaxValue) : U32(tail);
        return (entries, next);
    }

    /// <summary>The i-th number of an entry, or null when it lies outside the file.</summary>
    public long? Number(in TiffEntry entry, long index = 0)
    {
        int size = SizeOf(entry.Type);
        if (index >= entry.Count)
            return null;
        ReadOnlySpan<byte> v = source.Peek(origin + entry.ValueOffset + index * size, size);
        if (v.Length < size)
            return null;
        return entry.Type switch { 1 or 6 or 7 => v[0], 3 or 8 => U16(v), 4 or 9 or 13 => U32(v), 16 or 18 => (long)Math.Min(U64(v), long.MaxValue), _ => null };
    }

    public string? Text(in TiffEntry entry)
    {
        if (entry.Type is not (2 or 7) || entry.Count > 4096)
            return null;
        byte[] bytes = source.Read(origin + entry.ValueOffset, (int)entry.Count);
        int zero = Array.IndexOf(bytes, (byte)0);
        string text = System.Text.Encoding.UTF8.GetString(bytes, 0, zero < 0 ? bytes.Length : zero).Trim();
        return text.Length == 0 || text.Any(char.IsControl) ? null : text;
    }

    private static int SizeOf(ushort type) => type switch { 3 or 8 => 2, 4 or 9 or 11 or 13 => 4, 5 or 10 or 12 or 16 or 17 or 18 => 8, _ => 1 };

    private ushort U16(ReadOnlySpan<byte> b) => little ? BinaryPrimitives.ReadUInt16LittleEndian(b) : BinaryPrimitives.ReadUInt16BigEndian(b);
    private uint U32(ReadOnlySpan<byte> b) => little ? BinaryPrimitives.ReadUInt32LittleEndian(b) : BinaryPrimitives.ReadUInt32BigEndian(b);
    private ulong U64(ReadOnlySpan<byte> b) => little ? BinaryPrimitives.ReadUInt64LittleEndian(b) : BinaryPrimitives.ReadUInt64BigEndian(b);
}
