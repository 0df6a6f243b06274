using NetVips;

namespace Perenne.Imaging;

/// <summary>TIFF, 16 bit and pictures too large for memory, through libvips with every other loader blocked.</summary>
internal static class VipsDecoder
{
    /// <summary>Loaders that may run; all others (SVG, PDF, HEIF, GIF, CSV, …) are blocked before the first call.</summary>
    internal static readonly string[] Allowed = ["VipsForeignLoadTiff", "VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp"];

    /// <summary>A tile that cannot be decompressed is only a warning to libvips (below this level it paints the tile black and goes on); odd tags still pass.</summary>
    private const Enums.FailOn TiffStrictness = Enums.FailOn.Warning;

    private static readonly Lazy<bool> Ready = new(Initialise);

    private static bool Initialise()
    {
        // What it warns of is thrown as well; the console of a hub is not the place for it.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in Allowed)
            Operation.Block(loader, false);
        Cache.Max = 0;
        return true;
    }

    /// <summary>An upright picture in one of our layouts. Sequential access streams; a rotated picture is unpacked by libvips to a temporary file.</summary>
    public static Image Open(ImageSource source, ImageFacts facts)
    {
        _ = Ready.Value;
        Enums.Access access = facts.Orientation == 1 ? Enums.Access.Sequential : Enums.Access.Random;
        Image raw = source.Path is { } path ? FromFile(path, facts.Format, access) : FromBytes(source.Memory.ToArray(), facts.Format, access);
        return Upright.Apply(Normalise(raw), facts.Orientation);
    }

    public static PixelLayout LayoutOf(Image image) => (image.Format, image.Bands) switch
    {
        (Enums.BandFormat.Uchar, 1) => PixelLayout.Gray8,
        (Enums.BandFormat.Uchar, _) => PixelLayout.Rgba32,
        (_, 1) => PixelLayout.Gray16,
        _ => PixelLayout.Rgb48,
    };

    private static Image FromFile(string path, ImageFormat format, Enums.Access access) => format switch
    {
        ImageFormat.Tiff => Image.Tiffload(path, access: access, failOn: TiffStrictness),
        ImageFormat.Png => Image.Pngload(path, access: access, failOn: Enums.FailOn.Error, unlimited: true),
        ImageFormat.Jpeg => Image.Jpegload(path, access: access, failOn: Enums.FailOn.Error, unlimited: true),
        _ => Image.Webpload(path, access: access, failOn: Enums.FailOn.Error),
    };

    private static Image FromBytes(byte[] bytes, ImageFormat format, Enums.Access access) => format switch
    {
        ImageFormat.Tiff => Image.TiffloadBuffer(bytes, access: access, failOn: TiffStrictness),
        ImageFormat.Png => Image.PngloadBuffer(bytes, access: access, failOn: Enums.FailOn.Error, unlimited: true),
        ImageFormat.Jpeg => Image.JpegloadBuffer(bytes, access: access, failOn: Enums.FailOn.Error),
        _ => Image.WebploadBuffer(bytes, access: access, failOn: Enums.FailOn.Error),
    };

    private static Image Normalise(Image image)
    {
        if (image.Interpretation == Enums.Interpretation.Cmyk)
            image = image.Colourspace(Enums.Interpretation.Srgb);
        bool deep = image.Format == Enums.BandFormat.Ushort;
        if (!deep && image.Format != Enums.BandFormat.Uchar)
            image = image.Cast(Enums.BandFormat.Uchar);
        return (deep, image.Bands) switch
        {
            (_, 1) or (false, 4) or (true, 3) => image,
            (_, 2) => image[0],
            (false, 3) => image.Bandjoin(255),
            (true, _) => image.ExtractBand(0, 3),
            _ => image.ExtractBand(0, 3).Bandjoin(255),
        };
    }
}
