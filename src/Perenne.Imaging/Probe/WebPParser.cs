using System.Buffers.Binary;

namespace Perenne.Imaging;

/// <summary>RIFF chunks of a WebP file (RFC 9649). Of an animation the first frame is used.</summary>
internal static class WebPParser
{
    public static Parsed Parse(ImageSource source)
    {
        ReadOnlySpan<byte> head = source.Peek(0, 12);
        if (head.Length < 12)
            throw ProbeException.Truncated("the WebP header");
        long end = 8L + BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (end > source.Length)
            throw ProbeException.Truncated("the WebP picture data");
        Parsed? canvas = null, bitstream = null;
        ExifData exif = ExifData.Empty;
        int frames = 0;
        for (long at = 12; at + 8 <= end;)
        {
            ReadOnlySpan<byte> chunk = source.Peek(at, 8);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (at + 8 + size > end)
                throw ProbeException.Truncated("a WebP chunk");
            ReadOnlySpan<byte> body = source.Peek(at, 18);
            ReadOnlySpan<byte> name = body[..4], b = body[8..];
            if (name.SequenceEqual("VP8X"u8) && b.Length >= 10)
                canvas = new Parsed(ImageFormat.WebP, 1 + (b[4] | b[5] << 8 | b[6] << 16), 1 + (b[7] | b[8] << 8 | b[9] << 16), 8, (b[0] & 0x10) != 0 ? 4 : 3, ColorModel.Rgb);
            else if (name.SequenceEqual("VP8 "u8) && b.Length >= 10)
                bitstream = new Parsed(ImageFormat.WebP, (b[6] | b[7] << 8) & 0x3FFF, (b[8] | b[9] << 8) & 0x3FFF, 8, 3, ColorModel.Rgb);
            else if (name.SequenceEqual("VP8L"u8) && b.Length >= 5)
                bitstream = Lossless(b);
            else if (name.SequenceEqual("ANMF"u8))
                frames++;
            else if (name.SequenceEqual("EXIF"u8))
                exif = ExifParser.Parse(source, source.Peek(at + 8, 6).SequenceEqual("Exif\0\0"u8) ? at + 14 : at + 8);
            at += 8 + size + (size & 1);
        }
        if (bitstream is null && frames == 0)
            throw ProbeException.Corrupt("the WebP holds no picture data");
        return (canvas ?? bitstream ?? throw ProbeException.Corrupt("the WebP animation has no header")) with { End = end, Exif = exif, Frames = Math.Max(1, frames) };
    }

    private static Parsed Lossless(ReadOnlySpan<byte> b)
    {
        if (b[0] != 0x2F)
            throw ProbeException.Corrupt("the WebP picture header is malformed");
        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(b[1..]);
        return new Parsed(ImageFormat.WebP, 1 + (int)(bits & 0x3FFF), 1 + (int)(bits >> 14 & 0x3FFF), 8, (bits >> 28 & 1) != 0 ? 4 : 3, ColorModel.Rgb);
    }
}
