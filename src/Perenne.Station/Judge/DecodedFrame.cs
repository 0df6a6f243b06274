using Perenne.Imaging;

namespace Perenne.Station.Judge;

/// <summary>Pixels and measures of an arrival, or why there are none.</summary>
internal sealed class DecodedFrame : IDisposable
{
    public PixelBuffer? Image { get; private init; }
    public PixelBuffer? Reference { get; private init; }
    public Inspection? Inspection { get; private init; }
    public string? Refusal { get; private init; }

    public static DecodedFrame Of(Arrival arrival)
    {
        (PixelBuffer? image, ImageFacts? facts, string? refusal) = Decode(arrival.File, arrival.FileName);
        if (image is null)
            return new DecodedFrame { Refusal = refusal };
        // A damaged reference is the model's to refuse: it says that it needs one.
        PixelBuffer? reference = arrival.Reference is { } bytes ? Decode(bytes, null).Image : null;
        return new DecodedFrame { Image = image, Reference = reference, Inspection = ImageInspector.Inspect(image, facts!) };
    }

    public void Dispose()
    {
        Image?.Dispose();
        Reference?.Dispose();
    }

    private static (PixelBuffer? Image, ImageFacts? Facts, string? Refusal) Decode(byte[] bytes, string? name)
    {
        using ImageSource source = ImageSource.FromBytes(bytes);
        ProbeResult probe = ImageProbe.Probe(source, name);
        if (!probe.Accepted)
            return (null, null, probe.Refusal.Sentence);
        DecodeResult decoded = ImageDecoder.Decode(source, probe.Facts);
        return (decoded.Pixels, probe.Facts, decoded.Refusal?.Sentence);
    }
}
