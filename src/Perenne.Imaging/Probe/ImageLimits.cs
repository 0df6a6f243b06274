namespace Perenne.Imaging;

/// <summary>Bounds that a file must keep before any decoder sees it.</summary>
public sealed record ImageLimits
{
    public static ImageLimits Default { get; } = new();

    public int MaxWidth { get; init; } = 30_000;
    public int MaxHeight { get; init; } = 30_000;
    public long MaxFileBytes { get; init; } = 8L << 30;

    /// <summary>Decoded bytes per file byte. Real pictures stay below 200; deflate cannot exceed 1032.</summary>
    public double MaxExpansion { get; init; } = 400;

    /// <summary>The expansion rule is for big pictures only: below this many decoded bytes nothing can be exhausted.</summary>
    public long ExpansionFreeBytes { get; init; } = 128L << 20;

    /// <summary>Progressive and interlaced files are decoded wholly in memory: their own, lower bound in pixels.</summary>
    public long MaxInterlacedPixels { get; init; } = 250_000_000;

    /// <summary>Scans of a progressive JPEG: each costs a pass over the picture.</summary>
    public int MaxJpegScans { get; init; } = 200;

    /// <summary>Bytes after the picture's end that are tolerated (padding of cameras).</summary>
    public int MaxTrailingBytes { get; init; } = 1024;
}
