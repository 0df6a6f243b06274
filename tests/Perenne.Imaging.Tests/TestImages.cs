using NetVips;

namespace Perenne.Imaging.Tests;

/// <summary>Small deterministic pictures, written by the real encoders.</summary>
internal static class TestImages
{
    /// <summary>Colour gradients with a dark square upper left, so that every orientation is distinguishable.</summary>
    public static byte[] Rgb(int width = 96, int height = 64)
    {
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int at = (y * width + x) * 3;
                bool mark = x < width / 4 && y < height / 4;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = mark ? ((byte)10, (byte)20, (byte)30) : ((byte)(60 + 190 * x / width), (byte)(60 + 190 * y / height), (byte)(128 + 60 * ((x / 8 + y / 8) % 2)));
            }
        return rgb;
    }

    public static Image Colour(int width = 96, int height = 64) =>
        Image.NewFromMemory(Rgb(width, height), width, height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

    public static Image Gray(int width = 96, int height = 64) => Colour(width, height).Colourspace(Enums.Interpretation.Bw);

    public static Image Deep(Image image) => ((image.Cast(Enums.BandFormat.Ushort) * 257).Cast(Enums.BandFormat.Ushort)).Copy(interpretation: image.Bands == 1 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16);

    public static byte[] Bmp()
    {
        byte[] rgb = Rgb();
        const int W = 96, H = 64;
        MemoryStream file = new();
        BinaryWriter w = new(file);
        w.Write("BM"u8);
        foreach (int v in (int[])[54 + W * H * 3, 0, 54, 40, W, H])
            w.Write(v);
        w.Write((short)1);
        w.Write((short)24);
        foreach (int v in (int[])[0, W * H * 3, 2835, 2835, 0, 0])
            w.Write(v);
        for (int y = H - 1; y >= 0; y--)
            for (int x = 0; x < W; x++)
                w.Write((byte[])[rgb[(y * W + x) * 3 + 2], rgb[(y * W + x) * 3 + 1], rgb[(y * W + x) * 3]]);
        return file.ToArray();
    }

    public static byte[] AnimatedWebP()
    {
        Image first = Colour(), second = first.Invert();
        Image both = Image.Arrayjoin([first, second], across: 1).Mutate(m =>
        {
            m.Set(GValue.GIntType, "page-height", 64);
            m.Set(GValue.ArrayIntType, "delay", new[] { 100, 100 });
        });
        return both.WebpsaveBuffer(lossless: true);
    }

    /// <summary>Every accepted kind of file, by name.</summary>
    public static Dictionary<string, byte[]> All() => new()
    {
        ["gray.jpg"] = Gray().JpegsaveBuffer(q: 90),
        ["colour.jpg"] = Colour().JpegsaveBuffer(q: 90),
        ["progressive.jpg"] = Colour().JpegsaveBuffer(q: 90, interlace: true),
        ["cmyk.jpg"] = Colour().Colourspace(Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 95),
        ["gray.png"] = Gray().PngsaveBuffer(),
        ["colour.png"] = Colour().PngsaveBuffer(),
        ["interlaced.png"] = Colour().PngsaveBuffer(interlace: true),
        ["palette.png"] = Colour().PngsaveBuffer(palette: true),
        ["alpha.png"] = Colour().Bandjoin(200).PngsaveBuffer(),
        ["gray16.png"] = Deep(Gray()).PngsaveBuffer(),
        ["colour16.png"] = Deep(Colour()).PngsaveBuffer(),
        ["gray.tif"] = Gray().TiffsaveBuffer(),
        ["colour-lzw.tif"] = Colour().TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
        ["tiled-deflate.tif"] = Colour().TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, tile: true, tileWidth: 32, tileHeight: 32),
        ["big.tif"] = Colour().TiffsaveBuffer(bigtiff: true),
        ["gray16.tif"] = Deep(Gray()).TiffsaveBuffer(),
        ["colour16.tif"] = Deep(Colour()).TiffsaveBuffer(),
        ["colour.bmp"] = Bmp(),
        ["lossy.webp"] = Colour().WebpsaveBuffer(q: 95),
        ["lossless.webp"] = Colour().WebpsaveBuffer(lossless: true),
        ["animated.webp"] = AnimatedWebP(),
    };

    public static ImageFacts Facts(byte[] file)
    {
        using ImageSource source = ImageSource.FromBytes(file);
        ProbeResult result = ImageProbe.Probe(source);
        Assert.True(result.Accepted, result.Refusal?.Sentence);
        return result.Facts;
    }

    public static PixelBuffer Decode(byte[] file)
    {
        using ImageSource source = ImageSource.FromBytes(file);
        DecodeResult decoded = ImageDecoder.Decode(source, Facts(file));
        Assert.Null(decoded.Refusal);
        return decoded.Pixels!;
    }

    public static Inspection Inspect(byte[] file)
    {
        using ImageSource source = ImageSource.FromBytes(file);
        InspectionResult result = ImageInspector.Inspect(source);
        Assert.Null(result.Refusal);
        return result.Inspection!;
    }

    public static PixelBuffer GrayBuffer(int width, int height, Func<int, int, int> level)
    {
        PixelBuffer pixels = new(width, height, PixelLayout.Gray8);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                pixels.Row(y)[x] = (byte)Math.Clamp(level(x, y), 0, 255);
        return pixels;
    }


}
