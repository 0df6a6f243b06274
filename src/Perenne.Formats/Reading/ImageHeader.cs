using System.Buffers.Binary;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>Reads the upright size of an image from its header alone: PNG, JPEG (with its EXIF orientation), BMP, GIF, WebP, TIFF.</summary>
public static class ImageHeader
{
    /// <summary>Size of the image at <paramref name="path"/>, or null where the header is none of these formats or damaged.</summary>
    public static ImageSize? TryReadSize(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096);
        return TryReadSize(stream);
    }

    /// <summary>Size of the image in a seekable stream at its beginning, or null. Reads a few kilobytes at most per segment.</summary>
    public static ImageSize? TryReadSize(Stream stream)
    {
        Span<byte> head = stackalloc byte[32];
        int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        head = head[..got];
        if (got < 10)
            return null;
        if (head[0] == 0x89 && head[1..].StartsWith("PNG\r\n"u8))
            return got < 24 ? null : Checked(BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]));
        if (head[0] == 0xFF && head[1] == 0xD8)
            return JpegHeader.TryReadSize(stream);
        if (head.StartsWith("GIF8"u8))
            return Checked(BinaryPrimitives.ReadUInt16LittleEndian(head[6..]), BinaryPrimitives.ReadUInt16LittleEndian(head[8..]));
        if (head.StartsWith("BM"u8) && got >= 26)
            return Bmp(head);
        if (head.StartsWith("RIFF"u8) && got >= 30 && head[8..].StartsWith("WEBP"u8))
            return WebP(head);
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
            return TiffHeader.TryReadSize(stream, head[0] == 'I', 0)?.Upright;
        return null;
    }

    internal static ImageSize? Checked(uint width, uint height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new((int)width, (int)height) : null;

    private static ImageSize? Bmp(ReadOnlySpan<byte> head)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) == 12)
            return Checked(BinaryPrimitives.ReadUInt16LittleEndian(head[18..]), BinaryPrimitives.ReadUInt16LittleEndian(head[20..]));
        // A negative height means rows from the top down.
        long height = Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..]));
        return Checked(BinaryPrimitives.ReadUInt32LittleEndian(head[18..]), (uint)height);
    }

    private static ImageSize? WebP(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> kind = head[12..16];
        if (kind.SequenceEqual("VP8X"u8))
            return new(1 + (head[24] | head[25] << 8 | head[26] << 16), 1 + (head[27] | head[28] << 8 | head[29] << 16));
        if (kind.SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return new((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }
        return kind.SequenceEqual("VP8 "u8)
            ? Checked((uint)(BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF), (uint)(BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF))
            : null;
    }
}
