using System.Buffers.Binary;
using System.IO.Hashing;

namespace Perenne.Imaging;

/// <summary>Walks every chunk and checks its CRC (PNG third edition, section 5).</summary>
internal static class PngParser
{
    public static Parsed Parse(ImageSource source)
    {
        Parsed? found = null;
        ExifData exif = ExifData.Empty;
        int frames = 1;
        long imageBytes = 0;
        for (long at = 8; ;)
        {
            ReadOnlySpan<byte> head = source.Peek(at, 8);
            if (head.Length < 8)
                throw ProbeException.Truncated(found is null ? "the PNG header" : "the PNG picture data");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            uint type = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
            if (length > int.MaxValue)
                throw ProbeException.Corrupt($"a PNG chunk declares {length} bytes");
            if (at + 12 + length > source.Length)
                throw ProbeException.Truncated("the PNG picture data");
            if (found is null && type != Name("IHDR"))
                throw ProbeException.Corrupt("the first PNG chunk is not IHDR");
            CheckCrc(source, at, (int)length);
            if (type == Name("IHDR"))
                found ??= Header(source.Peek(at + 8, 13));
            else if (type == Name("eXIf"))
                exif = ExifParser.Parse(source, at + 8);
            else if (type == Name("acTL") && length >= 4)
                frames = (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(source.Peek(at + 8, 4)), 1, int.MaxValue);
            else if (type == Name("IDAT"))
                imageBytes += length;
            at += 12 + length;
            if (type != Name("IEND"))
                continue;
            long bits = (long)found!.Width * found.Channels * found.BitDepth;
            // Deflate cannot expand by more than 1032 (RFC 1951): fewer bytes than this cannot hold the declared picture.
            if (imageBytes * 1032 < (bits + 7) / 8 * found.Height)
                throw new ProbeException(RefusalCode.Bomb, $"The PNG declares {found.Width} × {found.Height} pixels but holds {imageBytes} bytes of picture data, which cannot be enough. Export the picture again.");
            return found with { End = at, Exif = exif, Frames = frames };
        }
    }

    private static Parsed Header(ReadOnlySpan<byte> h)
    {
        if (h.Length < 13)
            throw ProbeException.Truncated("the PNG header");
        int width = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(h), int.MaxValue);
        int height = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(h[4..]), int.MaxValue);
        (int channels, ColorModel color) = h[9] switch
        {
            0 => (1, ColorModel.Gray),
            2 => (3, ColorModel.Rgb),
            3 => (1, ColorModel.Palette),
            4 => (2, ColorModel.Gray),
            6 => (4, ColorModel.Rgb),
            _ => throw ProbeException.Corrupt($"PNG colour type {h[9]} does not exist"),
        };
        if (h[8] is not (1 or 2 or 4 or 8 or 16))
            throw ProbeException.Corrupt($"PNG bit depth {h[8]} does not exist");
        return new Parsed(ImageFormat.Png, width, height, h[8], channels, color) { Interlaced = h[12] != 0 };
    }

    private static void CheckCrc(ImageSource source, long at, int length)
    {
        Crc32 crc = new();
        for (long i = 0, n = length + 4L; i < n;)
        {
            ReadOnlySpan<byte> piece = source.Peek(at + 4 + i, (int)Math.Min(32_768, n - i));
            crc.Append(piece);
            i += piece.Length;
        }
        if (crc.GetCurrentHashAsUInt32() != BinaryPrimitives.ReadUInt32BigEndian(source.Peek(at + 8 + length, 4)))
            throw ProbeException.Corrupt("a PNG checksum does not match, so bytes changed on the way");
    }

    private static uint Name(string name) => (uint)(name[0] << 24 | name[1] << 16 | name[2] << 8 | name[3]);
}
