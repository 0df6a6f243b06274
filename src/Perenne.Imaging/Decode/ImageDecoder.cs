using NetVips;

namespace Perenne.Imaging;

/// <summary>Exactly one of the two is set. <see cref="Pixels"/> belongs to the caller.</summary>
public sealed record DecodeResult(PixelBuffer? Pixels, ImageRefusal? Refusal);

/// <summary>Upright pixels of a probed file: SkiaSharp for 8-bit JPEG, PNG, BMP and WebP, libvips for TIFF, 16 bit and huge pictures.</summary>
public static class ImageDecoder
{
    /// <summary>Above this many decoded bytes pictures are only streamed (<see cref="PixelBands"/>), never held whole.</summary>
    public const long MaxInMemoryBytes = 512L << 20;

    /// <summary>Decodes the whole picture into memory; a picture above <see cref="MaxInMemoryBytes"/> is refused: its measures, thumbnails and tiles are made from a stream.</summary>
    public static DecodeResult Decode(ImageSource source, ImageFacts facts)
    {
        if (!FitsMemory(facts))
            return new DecodeResult(null, new ImageRefusal(RefusalCode.TooLarge, $"The picture of {facts.Width} × {facts.Height} pixels is too large to be decoded in one piece; use its tiles."));
        return Guard(() => new DecodeResult(UsesSkia(facts) ? SkiaDecoder.Decode(source, facts) : FromVips(source, facts), null), refusal => new DecodeResult(null, refusal));
    }

    internal static bool UsesSkia(ImageFacts facts) => facts.Format != ImageFormat.Tiff && facts.BitDepth <= 8;

    internal static bool FitsMemory(ImageFacts facts) => facts.Pixels * (facts.BitDepth > 8 ? 6 : facts.Color == ColorModel.Gray ? 1 : 4) <= MaxInMemoryBytes;

    /// <summary>Runs native decoding; what it throws at bad files becomes a refusal, anything else stays a bug.</summary>
    internal static T Guard<T>(Func<T> decode, Func<ImageRefusal, T> refuse)
    {
        try
        {
            return decode();
        }
        catch (ProbeException e)
        {
            return refuse(new ImageRefusal(e.Code, e.Message));
        }
        catch (VipsException e)
        {
            string detail = e.Message.ReplaceLineEndings("\n").Split('\n').FirstOrDefault(l => l.Trim().Length > 0)?.Trim() ?? "unknown";
            return refuse(new ImageRefusal(RefusalCode.Corrupt, ProbeException.Corrupt($"the picture data cannot be decoded ({detail})").Message));
        }
    }

    private static PixelBuffer FromVips(ImageSource source, ImageFacts facts)
    {
        using PixelBands bands = PixelBands.OpenVips(source, facts);
        PixelBuffer pixels = new(bands.Width, bands.Height, bands.Layout);
        try
        {
            for (int y = 0; y < bands.Height; y += PixelBands.Rows)
                bands.Read(y).CopyTo(pixels.Bytes[(y * pixels.Stride)..]);
            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }
}
