namespace Perenne.Imaging;

/// <summary>The formats that are accepted. Everything else is refused by name.</summary>
public enum ImageFormat { Png, Jpeg, Tiff, Bmp, WebP }

/// <summary>Colour model as stored in the file.</summary>
public enum ColorModel { Gray, Rgb, Palette, Cmyk }

/// <summary>What the file says about itself, exact, without decoding pixels.</summary>
public sealed record ImageFacts
{
    public required ImageFormat Format { get; init; }

    /// <summary>Width in pixels of the upright picture (EXIF orientation applied).</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels of the upright picture (EXIF orientation applied).</summary>
    public required int Height { get; init; }

    /// <summary>Bits per stored sample: 1, 2, 4, 8, 12 or 16 (32 for float TIFF).</summary>
    public required int BitDepth { get; init; }

    /// <summary>Stored channels, alpha included: 1 to 4 (palette pictures count as 1).</summary>
    public required int Channels { get; init; }

    public required ColorModel Color { get; init; }

    /// <summary>EXIF orientation 1 to 8; 1 where the file says nothing. Decoding applies it, once.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>Frames or pages in the file; only the first is used.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Rows must be held back until the whole file is read (progressive JPEG, interlaced PNG).</summary>
    public bool Interlaced { get; init; }

    public long FileBytes { get; init; }
    public ExifFacts Exif { get; init; } = ExifFacts.None;
    public JpegFacts? Jpeg { get; init; }

    public int StoredWidth => Orientation >= 5 ? Height : Width;
    public int StoredHeight => Orientation >= 5 ? Width : Height;
    public long Pixels => (long)Width * Height;
}

/// <summary>
/// What the camera wrote. <paramref name="CapturedAt"/> is the camera's wall clock; it is a moment in time only together with <paramref name="Offset"/>.
/// </summary>
public sealed record ExifFacts(
    DateTime? CapturedAt = null, TimeSpan? Offset = null, string? Make = null, string? Model = null, string? Serial = null, string? Software = null)
{
    public static ExifFacts None { get; } = new();
}

/// <summary>Compression facts: a change of the tables is a change upstream, before any pixel looks different.</summary>
/// <param name="TablesHash">XxHash64 of the quantisation tables in order of their ids, 16 hex digits.</param>
/// <param name="EstimatedQuality">1 to 100: the libjpeg quality whose standard luma table is nearest (0 when there is no table).</param>
public sealed record JpegFacts(string TablesHash, int EstimatedQuality, bool Progressive, string Subsampling);
