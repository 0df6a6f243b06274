using System.Buffers.Binary;

namespace Perenne.Imaging;

/// <summary>Walks the markers from SOI to EOI (ITU T.81 annex B), through the entropy-coded data, so that a cut file is seen before decoding.</summary>
internal static class JpegParser
{
    public static Parsed Parse(ImageSource source, ImageLimits limits)
    {
        Parsed? frame = null;
        ExifData exif = ExifData.Empty;
        JpegTables tables = new();
        int scans = 0;
        bool progressive = false;
        string sampling = "";
        for (long at = 2; ;)
        {
            (byte marker, at) = NextMarker(source, at);
            if (marker == 0xD9)
                return frame is null || scans == 0
                    ? throw ProbeException.Corrupt("the JPEG ends before any picture data")
                    : frame with { End = at, Exif = exif, Interlaced = progressive, Jpeg = tables.Facts(progressive, sampling) };
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            ReadOnlySpan<byte> sizeBytes = source.Peek(at, 2);
            int size = sizeBytes.Length < 2 ? throw ProbeException.Truncated("a JPEG segment") : BinaryPrimitives.ReadUInt16BigEndian(sizeBytes);
            if (size < 2)
                throw ProbeException.Corrupt("a JPEG segment has an impossible length");
            if (at + size > source.Length)
                throw ProbeException.Truncated("a JPEG segment");
            byte[] body = source.Read(at + 2, size - 2);
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    if (frame is not null)
                        throw ProbeException.Corrupt("the JPEG holds two frame headers");
                    (frame, sampling) = Frame(body);
                    progressive = marker == 0xC2;
                    break;
                case >= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    throw ProbeException.Variant("Lossless, hierarchical or arithmetic-coded JPEG");
                case 0xDB:
                    tables.Read(body);
                    break;
                case 0xE1 when body.AsSpan().StartsWith("Exif\0\0"u8) && ReferenceEquals(exif, ExifData.Empty):
                    exif = ExifParser.Parse(source, at + 2 + 6);
                    break;
                case 0xDA:
                    if (frame is null)
                        throw ProbeException.Corrupt("JPEG picture data comes before its header");
                    if (++scans > limits.MaxJpegScans)
                        throw new ProbeException(RefusalCode.Bomb, $"The JPEG has more than {limits.MaxJpegScans} scans. Save it as a baseline JPEG.");
                    break;
            }
            at += size;
        }
    }

    /// <summary>Skips fill bytes and entropy-coded data to the next marker; returns it and the offset after it.</summary>
    internal static (byte Marker, long Next) NextMarker(ImageSource source, long at)
    {
        while (true)
        {
            ReadOnlySpan<byte> piece = source.Peek(at, 32_768);
            if (piece.Length < 2)
                throw ProbeException.Truncated("the JPEG picture data");
            int i = piece[..^1].IndexOf((byte)0xFF);
            if (i < 0)
            {
                at += piece.Length - 1;
                continue;
            }
            byte next = piece[i + 1];
            at += i + 1;
            if (next is 0x00 or (>= 0xD0 and <= 0xD7))
                at++;
            else if (next != 0xFF)
                return (next, at + 1);
        }
    }

    private static (Parsed Frame, string Sampling) Frame(ReadOnlySpan<byte> body)
    {
        if (body.Length < 6 || body.Length < 6 + body[5] * 3)
            throw ProbeException.Corrupt("the JPEG frame header is too short");
        int precision = body[0], channels = body[5];
        if (precision != 8)
            throw ProbeException.Variant($"JPEG with {precision} bits per sample");
        (int height, int width) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]));
        ColorModel color = channels switch
        {
            1 => ColorModel.Gray,
            3 => ColorModel.Rgb,
            4 => ColorModel.Cmyk,
            _ => throw ProbeException.Variant($"JPEG with {channels} channels"),
        };
        List<string> factors = [];
        for (int c = 0; c < channels; c++)
            factors.Add($"{body[7 + c * 3] >> 4}x{body[7 + c * 3] & 15}");
        return (new Parsed(ImageFormat.Jpeg, width, height, 8, channels, color), string.Join(',', factors));
    }
}
