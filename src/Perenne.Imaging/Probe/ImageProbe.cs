namespace Perenne.Imaging;

/// <summary>Reads a file's structure to its end without decoding pixels: what it is, whether it is whole, and whether decoding it is safe.</summary>
public static class ImageProbe
{
    /// <param name="fileName">The name it came with, to note a wrong extension; may be null.</param>
    public static ProbeResult Probe(ImageSource source, string? fileName = null, ImageLimits? limits = null)
    {
        limits ??= ImageLimits.Default;
        try
        {
            Parsed parsed = Parse(source, limits);
            CheckSize(parsed, source, limits);
            CheckTrailing(parsed, source, limits);
            return new ProbeResult(ToFacts(parsed, source), null, [.. ProbeNotes.For(parsed, fileName)]);
        }
        catch (ProbeException e)
        {
            return new ProbeResult(null, new ImageRefusal(e.Code, e.Message), []);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            // A hostile length that slipped past a check is still only a damaged file.
            return new ProbeResult(null, new ImageRefusal(RefusalCode.Corrupt, ProbeException.Corrupt("a length in it is impossible").Message), []);
        }
    }

    internal static ImageFormat? FormatOf(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x49, 0x49, 0x2A or 0x2B, 0x00, ..] or [0x4D, 0x4D, 0x00, 0x2A or 0x2B, ..] => ImageFormat.Tiff,
        [0x42, 0x4D, _, _, _, _, 0, 0, 0, 0, ..] => ImageFormat.Bmp,
        [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x57, 0x45, 0x42, 0x50, ..] => ImageFormat.WebP,
        _ => null,
    };

    private static Parsed Parse(ImageSource source, ImageLimits limits)
    {
        if (source.Length == 0)
            throw new ProbeException(RefusalCode.Empty, "The file is empty (0 bytes). Send it again from the camera or the original folder.");
        if (source.Length > limits.MaxFileBytes)
            throw new ProbeException(RefusalCode.TooLarge, $"The file has {source.Length:N0} bytes; at most {limits.MaxFileBytes:N0} are accepted. Compress or crop it.");
        ReadOnlySpan<byte> head = source.Peek(0, 64);
        switch (FormatOf(head))
        {
            case ImageFormat.Png: return PngParser.Parse(source);
            case ImageFormat.Jpeg: return JpegParser.Parse(source, limits);
            case ImageFormat.Tiff: return TiffParser.Parse(source);
            case ImageFormat.Bmp: return BmpParser.Parse(source);
            case ImageFormat.WebP: return WebPParser.Parse(source);
        }
        throw ForeignFormats.Name(head) is { } name
            ? new ProbeException(RefusalCode.UnsupportedFormat, $"The file is {name}, whatever its name says. Convert it to PNG, JPEG, TIFF, BMP or WebP.")
            : new ProbeException(RefusalCode.UnknownFormat, "The file does not begin like a PNG, JPEG, TIFF, BMP or WebP picture. Check that it is a picture and convert it to one of these.");
    }

    private static void CheckSize(Parsed p, ImageSource source, ImageLimits limits)
    {
        if (p.Width < 1 || p.Height < 1)
            throw ProbeException.Corrupt($"it declares {p.Width} × {p.Height} pixels");
        if (p.Width > limits.MaxWidth || p.Height > limits.MaxHeight)
            throw new ProbeException(RefusalCode.TooLarge, $"The picture is {p.Width} × {p.Height} pixels; at most {limits.MaxWidth} × {limits.MaxHeight} are accepted. Cut it into parts.");
        double decoded = (double)p.Width * p.Height * p.Channels * Math.Max(8, p.BitDepth) / 8;
        if (decoded > limits.ExpansionFreeBytes && decoded > source.Length * limits.MaxExpansion)
            throw new ProbeException(RefusalCode.Bomb, $"The picture of {p.Width} × {p.Height} pixels would grow from {source.Length:N0} to {decoded:N0} bytes, {decoded / source.Length:N0} times; at most {limits.MaxExpansion:N0} times is accepted. If it is a real picture, raise the limit in the project's settings.");
        if (p.Interlaced && (long)p.Width * p.Height > limits.MaxInterlacedPixels)
            throw new ProbeException(RefusalCode.TooLarge, $"Progressive and interlaced files may have at most {limits.MaxInterlacedPixels:N0} pixels. Save the picture without that option.");
    }

    private static void CheckTrailing(Parsed p, ImageSource source, ImageLimits limits)
    {
        long extra = source.Length - p.End;
        if (extra <= 0)
            return;
        ReadOnlySpan<byte> tail = source.Peek(p.End, 4096);
        string? hidden = ForeignFormats.Name(tail) ?? (tail.IndexOf("PK\u0003\u0004"u8) >= 0 ? "a ZIP archive" : tail.IndexOf("<script"u8) >= 0 || tail.IndexOf("<html"u8) >= 0 ? "an HTML text" : null);
        bool padding = !tail.ContainsAnyExcept((byte)0, (byte)0xFF) && tail.Length == extra;
        if (padding || (hidden is null && extra <= limits.MaxTrailingBytes))
            return;
        throw new ProbeException(RefusalCode.Polyglot, $"After the picture's end come {extra:N0} more bytes{(hidden is null ? "" : $" that look like {hidden}")}. Save the picture again so that the file holds nothing else.");
    }

    private static ImageFacts ToFacts(Parsed p, ImageSource source) => new()
    {
        Format = p.Format,
        Width = p.Exif.Orientation >= 5 ? p.Height : p.Width,
        Height = p.Exif.Orientation >= 5 ? p.Width : p.Height,
        BitDepth = p.BitDepth,
        Channels = p.Channels,
        Color = p.Color,
        Orientation = p.Exif.Orientation,
        Frames = p.Frames,
        Interlaced = p.Interlaced,
        FileBytes = source.Length,
        Exif = p.Exif.Facts,
        Jpeg = p.Jpeg,
    };
}
