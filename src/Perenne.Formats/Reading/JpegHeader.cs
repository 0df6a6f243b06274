using System.Buffers.Binary;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>Walks JPEG segments to the frame header; EXIF orientations 5 to 8 lie on their side.</summary>
internal static class JpegHeader
{
    private const int SegmentLimit = 4096;

    public static ImageSize? TryReadSize(Stream stream)
    {
        stream.Position = 2;
        Span<byte> frame = stackalloc byte[5];
        bool sideways = false;
        for (int segments = 0; segments < SegmentLimit; segments++)
        {
            int marker = NextMarker(stream);
            if (marker < 0 || marker is 0xD9 or 0xDA)
                return null;
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            int length = stream.ReadByte() << 8 | stream.ReadByte();
            if (length < 2)
                return null;
            long next = stream.Position + length - 2;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (stream.ReadAtLeast(frame, 5, throwOnEndOfStream: false) < 5)
                    return null;
                ushort height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
                return sideways ? ImageHeader.Checked(height, width) : ImageHeader.Checked(width, height);
            }
            if (marker == 0xE1)
                sideways |= IsSideways(stream, length - 2);
            stream.Position = next;
        }
        return null;
    }

    private static int NextMarker(Stream stream)
    {
        if (stream.ReadByte() != 0xFF)
            return -1;
        int marker;
        do
            marker = stream.ReadByte();
        while (marker == 0xFF);
        return marker;
    }

    private static bool IsSideways(Stream stream, int length)
    {
        byte[] segment = new byte[length];
        int got = stream.ReadAtLeast(segment, length, throwOnEndOfStream: false);
        if (got < 14 || !segment.AsSpan().StartsWith("Exif\0\0"u8))
            return false;
        using MemoryStream exif = new(segment, 6, got - 6);
        return TiffHeader.TryReadSize(exif, segment[6] == 'I', 0)?.Orientation is >= 5 and <= 8;
    }
}
