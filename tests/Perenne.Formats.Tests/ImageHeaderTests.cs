using System.Buffers.Binary;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

/// <summary>Sizes from headers built byte by byte after the formats' specifications; every cut-off header is answered with "unknown", never an exception.</summary>
public class ImageHeaderTests
{
    public static TheoryData<string> Names => [.. Headers().Select(h => h.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_upright_size_is_read_from_the_header(string name)
    {
        (_, byte[] bytes, ImageSize? expected) = Headers().Single(h => h.Name == name);
        Assert.Equal(expected, SizeOf(bytes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_header_that_ends_early_tells_nothing_or_the_truth(string name)
    {
        (_, byte[] bytes, ImageSize? expected) = Headers().Single(h => h.Name == name);
        Assert.Null(SizeOf(bytes[..9]));
        for (int length = 0; length < bytes.Length; length++)
            if (SizeOf(bytes[..length]) is { } size && !name.Contains("TIFF", StringComparison.Ordinal))
                Assert.Equal(expected, size);
    }

    private static ImageSize? SizeOf(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return ImageHeader.TryReadSize(stream);
    }

    private static IEnumerable<(string Name, byte[] Bytes, ImageSize? Size)> Headers()
    {
        ImageSize wide = new(640, 360), upright = new(360, 640);
        yield return ("PNG", [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. Big32(640), .. Big32(360), 8, 2, 0, 0, 0], wide);
        yield return ("PNG of no width", [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. Big32(0), .. Big32(360), 8, 2, 0, 0, 0], null);
        yield return ("GIF", [.. "GIF89a"u8, .. Little16(640), .. Little16(360), 0, 0, 0, 0, 0, 0], wide);
        yield return ("BMP", [.. "BM"u8, .. new byte[12], .. Little32(40), .. Little32(640), .. Little32(360), 1, 0, 24, 0, .. new byte[4]], wide);
        yield return ("BMP from the top down", [.. "BM"u8, .. new byte[12], .. Little32(40), .. Little32(640), .. Little32(unchecked((uint)-360)), 1, 0, 24, 0, .. new byte[4]], wide);
        yield return ("BMP of OS/2", [.. "BM"u8, .. new byte[12], .. Little32(12), .. Little16(640), .. Little16(360), 1, 0, 24, 0, .. new byte[8]], wide);
        yield return ("WebP extended", [.. WebP("VP8X"), 0, 0, 0, 0, .. Little32(639)[..3], .. Little32(359)[..3]], wide);
        yield return ("WebP lossless", [.. WebP("VP8L"), 0x2f, .. Little32(639 | 359 << 14), .. new byte[6]], wide);
        yield return ("WebP lossy", [.. WebP("VP8 "), 0, 0, 0, 0x9d, 0x01, 0x2a, .. Little16(640), .. Little16(360 | 1 << 14)], wide);
        yield return ("TIFF little-endian", Tiff(little: true, 640, 360, 1), wide);
        yield return ("TIFF big-endian", Tiff(little: false, 640, 360, 1), wide);
        yield return ("TIFF on its side", Tiff(little: true, 640, 360, 6), upright);
        yield return ("JPEG", Jpeg(null), wide);
        yield return ("JPEG upside down", Jpeg(3), wide);
        yield return ("JPEG on its side", Jpeg(6), upright);
        yield return ("JPEG mirrored on its side", Jpeg(5), upright);
        yield return ("JPEG on its side, big-endian EXIF", Jpeg(8, little: false), upright);
        yield return ("no image", [.. "a text file of some length, longer than a header"u8], null);
    }

    private static byte[] WebP(string kind) => [.. "RIFF"u8, .. Little32(100), .. "WEBP"u8, .. System.Text.Encoding.ASCII.GetBytes(kind), .. Little32(90)];

    private static byte[] Jpeg(ushort? orientation, bool little = true)
    {
        byte[] exif = orientation is { } turn ? [.. "Exif\0\0"u8, .. Tiff(little, 0, 0, turn)] : [];
        byte[] segment = orientation is null ? [] : [0xff, 0xe1, .. Big16((ushort)(exif.Length + 2)), .. exif];
        // A comment and fill bytes between segments, as the standard allows.
        return [0xff, 0xd8, .. segment, 0xff, 0xff, 0xfe, 0, 4, 65, 66, 0xff, 0xc2, 0, 17, 8, .. Big16(360), .. Big16(640), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9];
    }

    private static byte[] Tiff(bool little, uint width, uint height, ushort orientation)
    {
        byte[] N16(ushort v) => little ? Little16(v) : Big16(v);
        byte[] N32(uint v) => little ? Little32(v) : Big32(v);
        byte[] Long(ushort tag, uint v) => [.. N16(tag), .. N16(4), .. N32(1), .. N32(v)];
        byte[] Short(ushort tag, ushort v) => [.. N16(tag), .. N16(3), .. N32(1), .. N16(v), 0, 0];
        byte[] mark = little ? [.. "II*\0"u8] : [.. "MM\0*"u8];
        return [.. mark, .. N32(8), .. N16(3), .. Long(256, width), .. Short(257, (ushort)height), .. Short(274, orientation), 0, 0, 0, 0];
    }

    private static byte[] Little16(int v) => [(byte)v, (byte)(v >> 8)];

    private static byte[] Big16(int v) => [(byte)(v >> 8), (byte)v];

    private static byte[] Little32(uint v)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, v);
        return bytes;
    }

    private static byte[] Big32(uint v)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, v);
        return bytes;
    }
}
