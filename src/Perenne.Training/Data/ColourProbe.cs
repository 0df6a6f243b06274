using Perenne.Contracts.Jobs;
using Perenne.Imaging;

namespace Perenne.Training.Data;

/// <summary>Whether a set of images is in colour, by the pixels of a few of them: many cameras write grey pictures as colour files.</summary>
internal static class ColourProbe
{
    private const int Looked = 12;

    // JPEG's chroma quantisation tints grey pictures a little.
    private const int Tint = 12;

    public static bool IsColoured(string folder, IReadOnlyList<TrainingSample> samples)
    {
        int step = Math.Max(1, samples.Count / Looked);
        for (int i = 0; i < samples.Count; i += step)
            if (IsColoured(Path.Combine(folder, samples[i].Path)))
                return true;
        return false;
    }

    // A file that cannot be read is reported where it is used.
    private static bool IsColoured(string path)
    {
        if (!File.Exists(path))
            return false;
        using ImageSource source = ImageSource.FromFile(path);
        ProbeResult probe = ImageProbe.Probe(source);
        if (!probe.Accepted || probe.Facts.Color == ColorModel.Gray)
            return false;
        using PixelBuffer? pixels = ImageDecoder.Decode(source, probe.Facts).Pixels;
        return pixels is not null && Share(pixels) > 0.001;
    }

    private static double Share(PixelBuffer pixels)
    {
        if (pixels.Layout is PixelLayout.Gray8 or PixelLayout.Gray16)
            return 0;
        int step = pixels.Layout.BytesPerPixel(), wide = pixels.Layout.BitDepth() / 8, tinted = 0;
        ReadOnlySpan<byte> bytes = pixels.Bytes;
        // Of 16-bit samples the upper, second byte.
        for (int at = wide - 1; at + 2 * wide < bytes.Length; at += step)
        {
            (int r, int g, int b) = (bytes[at], bytes[at + wide], bytes[at + 2 * wide]);
            tinted += Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)) > Tint ? 1 : 0;
        }
        return (double)tinted / ((long)pixels.Width * pixels.Height);
    }
}
