using NetVips;
using Perenne.TestSupport;

namespace Perenne.Imaging.Tests;

/// <summary>Real boards and deterministic damage to them.</summary>
internal static class Boards
{
    public static string[] Paths(string list, int every) =>
        [.. File.ReadAllLines(Path.Combine(SharedData.Require("data/deeppcb"), list)).Where((_, i) => i % every == 0).Select(l => Path.Combine(SharedData.Require("data/deeppcb"), l.Trim() + ".jpg"))];

    public static string ReferenceOf(string path) => Path.Combine(SharedData.Require("data/deeppcb"), "reference", Path.GetFileName(Path.GetDirectoryName(path))!, Path.GetFileName(path));

    public static Inspection Inspect(string path)
    {
        using ImageSource source = ImageSource.FromFile(path);
        return ImageInspector.Inspect(source, path).Inspection!;
    }

    public static Inspection Inspect(Image image, int quality = 0) =>
        TestImages.Inspect(quality == 0 ? image.PngsaveBuffer() : image.JpegsaveBuffer(q: quality));

    public static Image Load(string path) => FromGray(Pixels(path, out int w, out int h), w, h);

    private static Image FromGray(byte[] pixels, int w, int h) => Image.NewFromMemory(pixels, w, h, 1, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);

    public static Image Noisy(Image image, double sigma, int seed = 5) =>
        (image + Image.Gaussnoise(image.Width, image.Height, mean: 0, sigma: sigma, seed: seed)).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);

    public static Image Brighter(Image image, double factor, double offset = 0) =>
        image.Linear([factor], [offset]).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);

    public static Image Blurred(Image image, double sigma) => image.Gaussblur(sigma).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);

    public static Image Shifted(Image image, int dx, int dy) => image.Embed(dx, dy, image.Width, image.Height, extend: Enums.Extend.Mirror);

    private static byte[] Pixels(string path, out int width, out int height)
    {
        using ImageSource source = ImageSource.FromFile(path);
        ImageFacts facts = ImageProbe.Probe(source).Facts!;
        using PixelBuffer decoded = ImageDecoder.Decode(source, facts).Pixels!, pixels = decoded.ToLuma();
        (width, height) = (pixels.Width, pixels.Height);
        return pixels.Bytes.ToArray();
    }
}
