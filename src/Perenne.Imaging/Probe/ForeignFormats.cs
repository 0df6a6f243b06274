namespace Perenne.Imaging;

/// <summary>Formats people do send, so that the refusal can name them.</summary>
internal static class ForeignFormats
{
    public static string? Name(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("GIF8"u8)) return "a GIF";
        if (head.StartsWith("%PDF"u8)) return "a PDF";
        if (head.StartsWith("PK\u0003\u0004"u8)) return "a ZIP archive";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])) return "a gzip archive";
        if (head.StartsWith("Rar!"u8)) return "a RAR archive";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7A, 0xBC, 0xAF])) return "a 7z archive";
        if (head.StartsWith("8BPS"u8)) return "a Photoshop file";
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8)) return head[8..12].SequenceEqual("avif"u8) ? "an AVIF" : "a HEIC picture or a video";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || head.StartsWith("\0\0\0\u000CJXL "u8)) return "a JPEG XL";
        if (head.StartsWith("\0\0\0\u000CjP"u8)) return "a JPEG 2000";
        if (head.StartsWith("SIMPLE"u8)) return "a FITS file";
        if (head.StartsWith("v/1\u0001"u8)) return "an OpenEXR";
        if (head.StartsWith("\u007FELF"u8) || head.StartsWith("MZ"u8)) return "a program";
        if (head.Length >= 2 && head[0] == 'P' && head[1] is >= (byte)'1' and <= (byte)'7') return "a Netpbm picture";
        ReadOnlySpan<byte> text = head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head;
        text = text.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("<svg"u8)) return "an SVG";
        if (text.StartsWith("<?xml"u8)) return "an XML or SVG text";
        if (text.StartsWith("<"u8)) return "an HTML or XML text";
        return null;
    }
}
