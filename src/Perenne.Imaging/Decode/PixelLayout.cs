namespace Perenne.Imaging;

/// <summary>Samples per pixel and their size. Colour is R, G, B in memory order; 16-bit samples are in machine byte order; alpha is not premultiplied.</summary>
public enum PixelLayout { Gray8, Rgba32, Gray16, Rgb48 }

public static class PixelLayouts
{
    public static int BytesPerPixel(this PixelLayout layout) => layout switch { PixelLayout.Gray8 => 1, PixelLayout.Gray16 => 2, PixelLayout.Rgba32 => 4, _ => 6 };

    /// <summary>Bits per sample: 8 or 16.</summary>
    public static int BitDepth(this PixelLayout layout) => layout is PixelLayout.Gray8 or PixelLayout.Rgba32 ? 8 : 16;
}
