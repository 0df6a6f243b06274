namespace Perenne.Imaging;

/// <summary>What a format parser found: facts before orientation is applied, and where the picture's bytes end.</summary>
internal sealed record Parsed(ImageFormat Format, int Width, int Height, int BitDepth, int Channels, ColorModel Color)
{
    public long End { get; init; }
    public int Frames { get; init; } = 1;
    public bool Interlaced { get; init; }
    public ExifData Exif { get; init; } = ExifData.Empty;
    public JpegFacts? Jpeg { get; init; }
}
