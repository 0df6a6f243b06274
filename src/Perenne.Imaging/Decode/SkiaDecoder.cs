using SkiaSharp;

namespace Perenne.Imaging;

/// <summary>8-bit JPEG, PNG, BMP and WebP. Samples are not colour-managed: a profile must not change what the model sees.</summary>
internal static class SkiaDecoder
{
    public static unsafe PixelBuffer Decode(ImageSource source, ImageFacts facts)
    {
        using SKData data = Open(source);
        using SKCodec codec = SKCodec.Create(data) ?? throw ProbeException.Corrupt("no decoder can read its header");
        SKImageInfo info = codec.Info;
        if (info.Width != facts.StoredWidth || info.Height != facts.StoredHeight)
            throw ProbeException.Corrupt($"two of its headers disagree about the size ({info.Width} × {info.Height} and {facts.StoredWidth} × {facts.StoredHeight})");
        PixelLayout layout = info.ColorType == SKColorType.Gray8 ? PixelLayout.Gray8 : PixelLayout.Rgba32;
        PixelBuffer pixels = new(info.Width, info.Height, layout);
        SKImageInfo target = layout == PixelLayout.Gray8
            ? new SKImageInfo(info.Width, info.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        SKCodecResult result;
        fixed (byte* p = pixels.Bytes)
            result = codec.GetPixels(target, (nint)p, pixels.Stride, SKCodecOptions.Default);
        if (result == SKCodecResult.Success)
            return Upright.Apply(pixels, facts.Orientation);
        pixels.Dispose();
        throw result == SKCodecResult.IncompleteInput
            ? ProbeException.Truncated("the picture data")
            : ProbeException.Corrupt("the picture data cannot be decoded");
    }

    private static SKData Open(ImageSource source)
    {
        if (source.Path is { } path)
            return SKData.Create(path) ?? throw ProbeException.Corrupt("it cannot be opened");
        return SKData.CreateCopy(source.Memory.Span);
    }
}
