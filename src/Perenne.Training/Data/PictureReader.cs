using Perenne.Contracts.Jobs;
using Perenne.Imaging;

namespace Perenne.Training.Data;

/// <summary>Decodes a sample's files into planes.</summary>
/// <param name="folder">Folder the sample paths are relative to.</param>
/// <param name="colour">Three planes (R, G, B) instead of one of grey.</param>
/// <param name="reference">One more plane, grey: the aligned defect-free image.</param>
/// <param name="sizes">How images are scaled.</param>
internal sealed class PictureReader(string folder, bool colour, bool reference, SizeChoice sizes)
{
    public int PlaneCount => (colour ? 3 : 1) + (reference ? 1 : 0);

    /// <exception cref="TrainerException">A file is missing, damaged, or of another size than the job says.</exception>
    public Picture Read(TrainingSample sample)
    {
        using PixelBuffer pixels = Decode(sample, sample.Path);
        if (pixels.Width != sample.Width || pixels.Height != sample.Height)
            throw new TrainerException($"Image {sample.Id} ({sample.Path}) is {pixels.Width} × {pixels.Height} pixels, but the job says {sample.Width} × {sample.Height}. Write the upright size of the file into the samples.");
        byte[] planes = new byte[PlaneCount * pixels.Width * pixels.Height];
        Split(pixels, planes, colour);
        if (reference)
            AddReference(sample, pixels, planes.AsSpan(planes.Length - pixels.Width * pixels.Height));
        Picture picture = new(pixels.Width, pixels.Height, planes);
        double scale = sizes.ScaleOf(sample);
        return scale == 1 ? picture : Scaling.Resize(picture, Scaled(picture.Width, scale), Scaled(picture.Height, scale));
    }

    private static int Scaled(int side, double scale) => Math.Max(1, (int)Math.Round(side * scale));

    private void AddReference(TrainingSample sample, PixelBuffer pixels, Span<byte> plane)
    {
        if (sample.Reference is null)
            throw new TrainerException($"Image {sample.Id} has no reference image, but the reference channel is on. Give every image one, or train without the reference channel.");
        using PixelBuffer other = Decode(sample, sample.Reference);
        if (other.Width != pixels.Width || other.Height != pixels.Height)
            throw new TrainerException($"The reference of image {sample.Id} is {other.Width} × {other.Height} pixels, the image {pixels.Width} × {pixels.Height}; they must be aligned and of one size.");
        Split(other, plane, colour: false);
    }

    private PixelBuffer Decode(TrainingSample sample, string relative)
    {
        string path = Path.Combine(folder, relative);
        if (!File.Exists(path))
            throw new TrainerException($"Image {sample.Id}: there is no file {relative} in the job's image folder.");
        using ImageSource source = ImageSource.FromFile(path);
        ProbeResult probe = ImageProbe.Probe(source, relative);
        DecodeResult decoded = probe.Accepted ? ImageDecoder.Decode(source, probe.Facts) : new DecodeResult(null, probe.Refusal);
        return decoded.Pixels ?? throw new TrainerException($"Image {sample.Id} ({relative}) cannot be used: {decoded.Refusal!.Sentence}");
    }

    private static void Split(PixelBuffer pixels, Span<byte> planes, bool colour)
    {
        if (!colour)
        {
            using PixelBuffer grey = pixels.ToLuma();
            grey.Bytes.CopyTo(planes);
            return;
        }
        int size = pixels.Width * pixels.Height;
        ReadOnlySpan<byte> bytes = pixels.Bytes;
        // 16-bit samples are little-endian: their upper byte is the second.
        int step = pixels.Layout.BytesPerPixel(), wide = pixels.Layout.BitDepth() / 8, high = wide - 1;
        bool grey1 = pixels.Layout is PixelLayout.Gray8 or PixelLayout.Gray16;
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < size; i++)
                planes[c * size + i] = bytes[i * step + (grey1 ? 0 : c * wide) + high];
    }
}
