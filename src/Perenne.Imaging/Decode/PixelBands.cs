using NetVips;

namespace Perenne.Imaging;

/// <summary>A picture as bands of <see cref="Rows"/> upright rows, to be read once from top to bottom: the same code then measures 640×640 and 30 000×30 000.</summary>
public sealed class PixelBands : IDisposable
{
    /// <summary>Rows per band; the last band may be shorter.</summary>
    public const int Rows = 64;

    private readonly PixelBuffer? pixels;
    private readonly bool owned;
    private readonly Image? image;
    private readonly Region? region;
    private bool disposed;

    private PixelBands(int width, int height, PixelLayout layout, PixelBuffer? pixels, bool owned, Image? image)
    {
        (Width, Height, Layout, this.pixels, this.owned, this.image) = (width, height, layout, pixels, owned, image);
        region = image is null ? null : Region.New(image);
    }

    public int Width { get; }
    public int Height { get; }
    public PixelLayout Layout { get; }

    /// <summary>The pixels when they are in memory anyway.</summary>
    public PixelBuffer? InMemory => pixels;

    /// <summary>Over pixels that stay the caller's.</summary>
    public static PixelBands Over(PixelBuffer pixels) => new(pixels.Width, pixels.Height, pixels.Layout, pixels, false, null);

    /// <summary>Decodes small pictures at once and streams large ones. Throws what <see cref="ImageDecoder.Guard"/> turns into a refusal.</summary>
    internal static PixelBands Open(ImageSource source, ImageFacts facts)
    {
        if (!ImageDecoder.UsesSkia(facts) || (!ImageDecoder.FitsMemory(facts) && facts.Format != ImageFormat.Bmp))
            return OpenVips(source, facts);
        PixelBuffer decoded = SkiaDecoder.Decode(source, facts);
        return new PixelBands(decoded.Width, decoded.Height, decoded.Layout, decoded, true, null);
    }

    internal static PixelBands OpenVips(ImageSource source, ImageFacts facts)
    {
        Image image = VipsDecoder.Open(source, facts);
        try
        {
            if (image.Width != facts.Width || image.Height != facts.Height)
                throw ProbeException.Corrupt("two of its headers disagree about the size");
            return new PixelBands(image.Width, image.Height, VipsDecoder.LayoutOf(image), null, false, image);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>The rows from <paramref name="y"/> (a multiple of <see cref="Rows"/>), tightly packed.</summary>
    public ReadOnlySpan<byte> Read(int y)
    {
        int rows = Math.Min(Rows, Height - y), stride = Width * Layout.BytesPerPixel();
        if (pixels is not null)
            return pixels.Bytes.Slice(y * stride, rows * stride);
        return region!.Fetch(0, y, Width, rows);
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        region?.Dispose();
        image?.Dispose();
        if (owned)
            pixels?.Dispose();
    }
}
