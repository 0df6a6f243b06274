using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace Perenne.Imaging;

/// <summary>Quantisation tables of one JPEG: their hash and the libjpeg quality they are nearest to.</summary>
internal sealed class JpegTables
{
    // ITU T.81 annex K.1, luminance, in zig-zag order as stored in the file.
    private static readonly byte[] StandardLuma =
    [
        16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
        56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
    ];

    private readonly SortedDictionary<int, ushort[]> tables = [];

    public void Read(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            int wide = body[0] >> 4, id = body[0] & 15, size = wide == 0 ? 64 : 128;
            if (wide > 1 || id > 3 || body.Length < 1 + size)
                throw ProbeException.Corrupt("a JPEG quantisation table is malformed");
            ushort[] table = new ushort[64];
            for (int i = 0; i < 64; i++)
                table[i] = wide == 0 ? body[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(body[(1 + i * 2)..]);
            tables[id] = table;
            body = body[(1 + size)..];
        }
    }

    public JpegFacts Facts(bool progressive, string sampling)
    {
        XxHash64 hash = new();
        Span<byte> word = stackalloc byte[2];
        foreach ((int id, ushort[] table) in tables)
        {
            hash.Append([(byte)id]);
            foreach (ushort v in table)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(word, v);
                hash.Append(word);
            }
        }
        string text = hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
        return new JpegFacts(text, tables.Count == 0 ? 0 : Quality(tables.First().Value), progressive, sampling);
    }

    /// <summary>Inverts libjpeg's jpeg_quality_scaling: the quality with the smallest sum of absolute table differences.</summary>
    private static int Quality(ushort[] table)
    {
        (int best, int bestError) = (0, int.MaxValue);
        for (int q = 1; q <= 100; q++)
        {
            int scale = q < 50 ? 5000 / q : 200 - q * 2, error = 0;
            for (int i = 0; i < 64; i++)
                error += Math.Abs(Math.Clamp((StandardLuma[i] * scale + 50) / 100, 1, 255) - table[i]);
            if (error < bestError)
                (best, bestError) = (q, error);
        }
        return best;
    }
}
