using System.Buffers.Binary;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>
/// Counts a zip's entries by walking its central directory, before anything builds a list of them: a small archive may name millions.
/// (PKWARE APPNOTE 4.3.12, 4.3.14, 4.3.16.)
/// </summary>
internal static class ZipDirectory
{
    private const uint EntrySignature = 0x02014b50, EndSignature = 0x06054b50, End64Signature = 0x06064b50, Locator64Signature = 0x07064b50;
    private const int EndBytes = 22, MaxComment = 65_535, EntryBytes = 46;

    /// <summary>The number of entries, or <paramref name="limit"/> + 1 when there are more; null when it is no zip.</summary>
    public static int? Count(Stream zip, int limit)
    {
        if (FindStart(zip) is not { } start || start < 0 || start > zip.Length)
            return null;
        zip.Position = start;
        BufferedStream reader = new(zip, 64 << 10); // Not disposed: the file stays open for its reader.
        byte[] entry = new byte[EntryBytes];
        int count = 0;
        while (count <= limit && reader.ReadAtLeast(entry, EntryBytes, throwOnEndOfStream: false) == EntryBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(entry) == EntrySignature)
        {
            count++;
            reader.Seek(Number(entry, 28) + Number(entry, 30) + Number(entry, 32), SeekOrigin.Current);
        }

        return count;
    }

    private static long? FindStart(Stream zip)
    {
        int tailBytes = (int)Math.Min(zip.Length, EndBytes + MaxComment);
        byte[] tail = new byte[tailBytes];
        zip.Position = zip.Length - tailBytes;
        zip.ReadExactly(tail);
        for (int at = tailBytes - EndBytes; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndSignature)
                continue;
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            bool is64 = start == uint.MaxValue && at >= 20 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at - 20)) == Locator64Signature;
            return is64 ? Start64(zip, (long)BinaryPrimitives.ReadUInt64LittleEndian(tail.AsSpan(at - 12))) : start;
        }

        return null;
    }

    private static long? Start64(Stream zip, long at)
    {
        byte[] end = new byte[56];
        if (at < 0 || at > zip.Length - end.Length)
            return null;
        zip.Position = at;
        zip.ReadExactly(end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == End64Signature ? (long)BinaryPrimitives.ReadUInt64LittleEndian(end.AsSpan(48)) : null;
    }

    private static int Number(byte[] entry, int at) => BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(at));
}
