using System.Buffers.Binary;

namespace Perenne.Imaging;

internal static class BmpParser
{
    public static Parsed Parse(ImageSource source)
    {
        ReadOnlySpan<byte> h = source.Peek(0, 54);
        if (h.Length < 54)
            throw ProbeException.Truncated("the BMP header");
        uint pixelsAt = BinaryPrimitives.ReadUInt32LittleEndian(h[10..]);
        uint headerSize = BinaryPrimitives.ReadUInt32LittleEndian(h[14..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(h[18..]), height = BinaryPrimitives.ReadInt32LittleEndian(h[22..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(h[28..]);
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(h[30..]);
        uint declared = BinaryPrimitives.ReadUInt32LittleEndian(h[34..]);
        if (headerSize is < 40 or > 124)
            throw ProbeException.Variant("A BMP of OS/2 or an unknown header");
        if (width <= 0 || height is 0 or int.MinValue || bits is not (1 or 4 or 8 or 16 or 24 or 32))
            throw ProbeException.Corrupt($"the BMP declares {width} × {height} pixels of {bits} bits");
        if (compression is not (0 or 1 or 2 or 3 or 6))
            throw ProbeException.Variant("A BMP with embedded JPEG or PNG data");
        height = Math.Abs(height);
        long body = compression is 1 or 2 ? declared : ((long)width * bits + 31) / 32 * 4 * height;
        if (pixelsAt < 14 + headerSize || pixelsAt + body > source.Length)
            throw ProbeException.Truncated("the BMP picture data");
        return new Parsed(ImageFormat.Bmp, width, height, 8, bits == 32 ? 4 : bits <= 8 ? 1 : 3, bits <= 8 ? ColorModel.Palette : ColorModel.Rgb) { End = pixelsAt + body };
    }
}
