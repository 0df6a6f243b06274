using System.Buffers.Binary;

namespace Perenne.Imaging;

/// <summary>One component of a JPEG frame.</summary>
/// <param name="Masks">Progressive: which coefficients of each block are known to be other than zero.</param>
internal sealed record JpegComponent(int Id, int Horizontal, int Vertical, int Columns, int Rows, int PaddedColumns, int PaddedRows, ulong[] Masks);

/// <summary>What a frame header (SOF) says about blocks.</summary>
internal sealed record JpegFrame(int Width, int Height, bool IsProgressive, int UnitColumns, int UnitRows, JpegComponent[] Components)
{
    public static JpegFrame Read(ReadOnlySpan<byte> body, bool progressive)
    {
        int height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]), count = body[5];
        (int H, int V)[] factors = new (int, int)[count];
        for (int c = 0; c < count; c++)
        {
            factors[c] = (body[7 + c * 3] >> 4, body[7 + c * 3] & 15);
            if (factors[c].H is < 1 or > 4 || factors[c].V is < 1 or > 4)
                throw ProbeException.Corrupt("a JPEG channel has an impossible sampling factor");
        }

        int maxH = factors.Max(f => f.H), maxV = factors.Max(f => f.V), unitColumns = Up(width, 8 * maxH), unitRows = Up(height, 8 * maxV);
        JpegComponent[] components = new JpegComponent[count];
        for (int c = 0; c < count; c++)
        {
            (int h, int v) = factors[c];
            components[c] = new(body[6 + c * 3], h, v, Up(Up(width * h, maxH), 8), Up(Up(height * v, maxV), 8), unitColumns * h, unitRows * v,
                progressive ? new ulong[unitColumns * h * unitRows * v] : []);
        }

        return new(width, height, progressive, unitColumns, unitRows, components);
    }

    private static int Up(int value, int by) => (value + by - 1) / by;
}

/// <summary>What a scan header (SOS) says.</summary>
internal sealed record JpegScan((JpegComponent Component, int Dc, int Ac)[] Parts, int First, int Last, int High)
{
    public static JpegScan Read(ReadOnlySpan<byte> body, JpegFrame frame)
    {
        int count = body.Length > 0 ? body[0] : 0;
        if (count is < 1 or > 4 || body.Length < 4 + count * 2)
            throw ProbeException.Corrupt("a JPEG scan header is malformed");
        (JpegComponent, int, int)[] parts = new (JpegComponent, int, int)[count];
        for (int c = 0; c < count; c++)
        {
            int id = body[1 + c * 2];
            JpegComponent component = frame.Components.FirstOrDefault(f => f.Id == id) ?? throw ProbeException.Corrupt("a JPEG scan names a channel that the picture does not have");
            parts[c] = (component, body[2 + c * 2] >> 4 & 3, body[2 + c * 2] & 3);
        }

        (int first, int last, int high) = (body[1 + count * 2], body[2 + count * 2], body[3 + count * 2] >> 4);
        if (!frame.IsProgressive)
            return new(parts, 0, 63, 0);
        if (first > last || last > 63 || (first == 0 && last != 0) || (first > 0 && count > 1))
            throw ProbeException.Corrupt("a JPEG scan header asks for an impossible band of coefficients");
        return new(parts, first, last, high);
    }
}
