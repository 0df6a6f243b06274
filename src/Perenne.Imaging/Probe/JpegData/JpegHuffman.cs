namespace Perenne.Imaging;

/// <summary>
/// A Huffman table (ITU T.81 annex C) for walking over codes without decoding coefficients: one look-up tells how many bits a code and the
/// amplitude behind it take and how many coefficients they cover.
/// </summary>
internal sealed class JpegHuffman
{
    /// <summary>Codes up to this length are found in one step.</summary>
    public const int FastBits = 10;

    /// <summary>Added to the position by an end of block.</summary>
    public const int EndOfBlock = 128;

    private readonly int[] firstCode = new int[18], firstIndex = new int[18], counts = new int[17];
    private readonly byte[] symbols;
    private readonly int[] codes = new int[1 << FastBits], baseline = new int[1 << FastBits];

    private JpegHuffman(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> values, bool isDc)
    {
        symbols = values.ToArray();
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            (firstCode[length], firstIndex[length], counts[length]) = (code, index, lengths[length - 1]);
            for (int i = 0; i < counts[length]; i++, code++, index++)
            {
                if (code >= 1 << length)
                    throw ProbeException.Corrupt("a JPEG Huffman table names more codes than there are");
                if (length <= FastBits)
                    Array.Fill(codes, length << 8 | symbols[index], code << (FastBits - length), 1 << (FastBits - length));
            }
        }

        for (int i = 0; i < baseline.Length; i++)
            baseline[i] = codes[i] == 0 ? 0 : Step(codes[i], isDc);
        IsDc = isDc;
    }

    private bool IsDc { get; }

    /// <summary>Reads one table of a DHT segment; the rest of the segment is left in <paramref name="body"/>.</summary>
    public static (int Class, int Id, JpegHuffman Table) Read(ref ReadOnlySpan<byte> body)
    {
        int total = 0;
        if (body.Length >= 17)
            foreach (byte count in body[1..17])
                total += count;
        if (body.Length < 17 + total || total is 0 or > 256 || body[0] >> 4 > 1 || (body[0] & 15) > 3)
            throw ProbeException.Corrupt("a JPEG Huffman table is malformed");
        (int tableClass, int id) = (body[0] >> 4, body[0] & 15);
        JpegHuffman table = new(body[1..17], body.Slice(17, total), tableClass == 0);
        body = body[(17 + total)..];
        return (tableClass, id, table);
    }

    /// <summary>Whether a run of zeros can be a flat area: no difference, or nothing but the end of a block.</summary>
    public bool ZerosAreFlat => Code(0) is > 0 and var code && (code & 255) == 0;

    /// <summary>Baseline: advance &lt;&lt; 8 | bits of the code and its amplitude, for the next bits left-aligned in 64; 0 where no code begins so.</summary>
    public int Baseline(ulong bits)
    {
        int step = baseline[(int)(bits >> (64 - FastBits))];
        return step != 0 ? step : SlowStep(bits);
    }

    /// <summary>length &lt;&lt; 8 | symbol, or 0 where no code begins so.</summary>
    public int Code(ulong bits)
    {
        int code = codes[(int)(bits >> (64 - FastBits))];
        return code != 0 ? code : SlowCode(bits);
    }

    private int SlowStep(ulong bits)
    {
        int code = SlowCode(bits);
        return code == 0 ? 0 : Step(code, IsDc);
    }

    private int SlowCode(ulong bits)
    {
        for (int length = FastBits + 1; length <= 16; length++)
        {
            int at = (int)(bits >> (64 - length)) - firstCode[length];
            if (at >= 0 && at < counts[length])
                return length << 8 | symbols[firstIndex[length] + at];
        }

        return 0;
    }

    // 0 too for symbols that baseline pictures of 8 bits cannot hold.
    private static int Step(int code, bool isDc)
    {
        int length = code >> 8, symbol = code & 255, run = symbol >> 4, size = symbol & 15;
        if (isDc)
            return symbol > 11 ? 0 : 1 << 8 | length + symbol;
        return (run, size) switch
        {
            (0, 0) => EndOfBlock << 8 | length,
            (15, 0) => 16 << 8 | length,
            (_, 0) or (_, > 10) => 0,
            _ => run + 1 << 8 | length + size,
        };
    }
}
