using System.Buffers.Binary;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>Width, height and orientation from the first directory of a TIFF (also the body of an EXIF segment).</summary>
internal static class TiffHeader
{
    public readonly record struct Facts(uint Width, uint Height, uint Orientation)
    {
        public ImageSize? Upright => Orientation is >= 5 and <= 8 ? ImageHeader.Checked(Height, Width) : ImageHeader.Checked(Width, Height);
    }

    public static Facts? TryReadSize(Stream stream, bool littleEndian, long start)
    {
        Span<byte> entry = stackalloc byte[12];
        stream.Position = start + 4;
        if (stream.ReadAtLeast(entry[..4], 4, throwOnEndOfStream: false) < 4)
            return null;
        long directory = start + U32(entry, littleEndian);
        if (directory + 2 > stream.Length)
            return null;
        stream.Position = directory;
        if (stream.ReadAtLeast(entry[..2], 2, throwOnEndOfStream: false) < 2)
            return null;
        int count = U16(entry, littleEndian);
        Facts facts = default;
        for (int i = 0; i < count && stream.ReadAtLeast(entry, 12, throwOnEndOfStream: false) == 12; i++)
        {
            uint value = U16(entry[2..], littleEndian) == 3 ? U16(entry[8..], littleEndian) : U32(entry[8..], littleEndian);
            facts = U16(entry, littleEndian) switch
            {
                256 => facts with { Width = value },
                257 => facts with { Height = value },
                274 => facts with { Orientation = value },
                _ => facts,
            };
        }
        return facts;
    }

    private static ushort U16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    private static uint U32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
