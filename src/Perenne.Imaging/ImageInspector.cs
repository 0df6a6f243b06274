namespace Perenne.Imaging;

/// <summary>All that is known of one accepted picture.</summary>
public sealed record Inspection(ImageFacts Facts, IReadOnlyList<ImageNote> Notes, ImageMeasures Measures, PerceptualHash Hash, GrayImage Reduced);

/// <summary>Exactly one of the two is set.</summary>
public sealed record InspectionResult(Inspection? Inspection, ImageRefusal? Refusal);

/// <summary>
/// Probe, check, decode and measure in one call: the whole of what ingest needs to know before it stores a picture. JPEG data is walked through
/// beforehand, because decoders draw damaged data and report success.
/// </summary>
public static class ImageInspector
{
    public static InspectionResult Inspect(ImageSource source, string? fileName = null, ImageLimits? limits = null)
    {
        ProbeResult probe = ImageProbe.Probe(source, fileName, limits);
        if (!probe.Accepted)
            return new InspectionResult(null, probe.Refusal);
        return ImageDecoder.Guard(
            () =>
            {
                if (probe.Facts.Format == ImageFormat.Jpeg)
                    JpegDataCheck.Run(source);
                using PixelBands bands = PixelBands.Open(source, probe.Facts);
                return new InspectionResult(Measure(bands, probe.Facts, probe.Notes), null);
            },
            refusal => new InspectionResult(null, refusal));
    }

    /// <summary>The same for pixels that are decoded already (a station's frame).</summary>
    public static Inspection Inspect(PixelBuffer pixels, ImageFacts facts)
    {
        using PixelBands bands = PixelBands.Over(pixels);
        return Measure(bands, facts, []);
    }

    private static Inspection Measure(PixelBands bands, ImageFacts facts, IReadOnlyList<ImageNote> notes)
    {
        ImageAnalyzer analyzer = new(bands.Width, bands.Height);
        for (int y = 0; y < bands.Height; y += PixelBands.Rows)
            analyzer.Add(bands.Layout, bands.Read(y));
        return new Inspection(facts, notes, analyzer.Finish(), PerceptualHash.Of(analyzer.Reduced), analyzer.Reduced);
    }
}
