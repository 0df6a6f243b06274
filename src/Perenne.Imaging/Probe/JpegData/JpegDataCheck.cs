using System.Buffers.Binary;

namespace Perenne.Imaging;

/// <summary>
/// Walks the Huffman codes of every scan and counts blocks (ITU T.81 annexes F and G). Decoders draw damaged data as grey or shifted stripes and
/// report success; here codes that do not exist, blocks that overflow, missing blocks, left-over bytes and restart markers out of order are
/// found. A changed amplitude bit inside a valid code stays: JPEG has no checksum.
/// </summary>
internal sealed class JpegDataCheck
{
    private readonly ImageSource source;
    private readonly JpegBits bits;
    private readonly JpegProgressive progressive;
    private readonly JpegHuffman?[] dc = new JpegHuffman?[4], ac = new JpegHuffman?[4];
    private int restartInterval;

    private JpegDataCheck(ImageSource source)
    {
        this.source = source;
        bits = new(source);
        progressive = new(bits);
    }

    /// <param name="source">A JPEG that <see cref="JpegParser"/> accepted: its segments are in order and it has an end.</param>
    /// <exception cref="ProbeException">The picture data is damaged.</exception>
    public static void Run(ImageSource source) => new JpegDataCheck(source).Walk();

    private void Walk()
    {
        JpegFrame? frame = null;
        for (long at = 2; ;)
        {
            (byte marker, at) = JpegParser.NextMarker(source, at);
            if (marker == 0xD9)
                return;
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            int size = BinaryPrimitives.ReadUInt16BigEndian(source.Peek(at, 2));
            byte[] body = marker is 0xC4 or 0xDD or 0xDA or 0xC0 or 0xC1 or 0xC2 ? source.Read(at + 2, size - 2) : [];
            at += size;
            if (marker == 0xC4)
                ReadTables(body);
            else if (marker == 0xDD && body.Length >= 2)
                restartInterval = BinaryPrimitives.ReadUInt16BigEndian(body);
            else if (marker is 0xC0 or 0xC1 or 0xC2)
                frame = JpegFrame.Read(body, marker == 0xC2);
            else if (marker == 0xDA)
                at = WalkScan(frame!, JpegScan.Read(body, frame!), at);
        }
    }

    private void ReadTables(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            (int tableClass, int id, JpegHuffman table) = JpegHuffman.Read(ref body);
            (tableClass == 0 ? dc : ac)[id] = table;
        }
    }

    private long WalkScan(JpegFrame frame, JpegScan scan, long at)
    {
        bool isSingle = scan.Parts.Length == 1;
        JpegComponent first = scan.Parts[0].Component;
        (int columns, int rows) = isSingle ? (first.Columns, first.Rows) : (frame.UnitColumns, frame.UnitRows);
        int left = restartInterval, restarts = 0;
        bits.Start(at);
        progressive.Restart();
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                if (restartInterval > 0 && left-- == 0)
                {
                    CheckEnd(frame, scan, row, rows);
                    NextInterval(restarts++, frame, row, rows);
                    left = restartInterval - 1;
                }

                bool makesSense = isSingle ? WalkBlock(frame, scan, 0, column, row) : WalkUnit(frame, scan, column, row);
                if (!makesSense)
                    throw Damaged(frame, row, rows);
            }

        CheckEnd(frame, scan, rows, rows);
        return bits.End;
    }

    private bool WalkUnit(JpegFrame frame, JpegScan scan, int column, int row)
    {
        for (int part = 0; part < scan.Parts.Length; part++)
        {
            JpegComponent component = scan.Parts[part].Component;
            for (int v = 0; v < component.Vertical; v++)
                for (int h = 0; h < component.Horizontal; h++)
                    if (!WalkBlock(frame, scan, part, column * component.Horizontal + h, row * component.Vertical + v))
                        return false;
        }

        return true;
    }

    private bool WalkBlock(JpegFrame frame, JpegScan scan, int part, int column, int row)
    {
        (JpegComponent component, int dcTable, int acTable) = scan.Parts[part];
        if (frame.IsProgressive)
            return progressive.SkipBlock(scan, dc[dcTable], ac[acTable], ref component.Masks[row * component.PaddedColumns + column]);
        return dc[dcTable] is { } forDc && ac[acTable] is { } forAc && bits.SkipBlock(forDc, forAc);
    }

    private void CheckEnd(JpegFrame frame, JpegScan scan, int row, int rows)
    {
        // Refinements of progressive scans are mostly zeros.
        bool isLost = !frame.IsProgressive && bits.HasZeroRun && scan.Parts.Any(part => dc[part.Dc]?.ZerosAreFlat == false || ac[part.Ac]?.ZerosAreFlat == false);
        if (progressive.IsOpen || isLost || bits.HasLeftOver())
            throw Damaged(frame, row, rows);
    }

    private void NextInterval(int number, JpegFrame frame, int row, int rows)
    {
        if (source.Peek(bits.End, 2) is not [0xFF, var marker] || marker != 0xD0 + (number & 7))
            throw Damaged(frame, row, rows);
        bits.Start(bits.End + 2);
        progressive.Restart();
    }

    private static ProbeException Damaged(JpegFrame frame, int row, int rows) =>
        ProbeException.Corrupt($"the picture data makes no sense, noticed at about pixel row {Math.Min(frame.Height, (long)frame.Height * row / Math.Max(1, rows))} of {frame.Height}");
}
