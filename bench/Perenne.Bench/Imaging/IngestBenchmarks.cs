using BenchmarkDotNet.Attributes;
using Perenne.Imaging;
using SkiaSharp;

namespace Perenne.Bench.Imaging;

/// <summary>What ingest costs beside decoding alone with the same library, one thread. The ratio is the figure; the baseline is the decode.</summary>
public class IngestBenchmarks
{
    private byte[] file = [];
    private ImageFacts facts = null!;

    [Params("gray-640", "colour-12MP")]
    public string Picture { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        bool gray = Picture == "gray-640";
        (int width, int height) = gray ? (640, 640) : (4096, 3000);
        using SKBitmap bitmap = new(width, height, gray ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        Span<byte> pixels = bitmap.GetPixelSpan();
        Random random = new(12);
        int channels = gray ? 1 : 4;
        // Blocks and edges with a little noise: about the bytes per pixel that plant cameras write.
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++)
                    pixels[(y * width + x) * channels + c] = (byte)Math.Clamp((x / 23 * 7 + y / 17 * 5 + x / 230 * y / 170 + 40 * c) % 200 + random.Next(-6, 7) + 20, 0, 255);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 85);
        file = data.ToArray();
        using ImageSource source = ImageSource.FromBytes(file);
        facts = ImageProbe.Probe(source).Facts!;
        Console.WriteLine($"{Picture}: {file.Length / 1024} kB");
    }

    [Benchmark(Baseline = true)]
    public int Decode()
    {
        using ImageSource source = ImageSource.FromBytes(file);
        using PixelBuffer pixels = ImageDecoder.Decode(source, facts).Pixels!;
        return pixels.Width;
    }

    [Benchmark]
    public double DecodeProbeHashesQuality()
    {
        using ImageSource source = ImageSource.FromBytes(file);
        return ContentHash.Of(file).Bytes + ImageInspector.Inspect(source).Inspection!.Measures.Noise;
    }

    [Benchmark]
    public long ThumbnailsAndTiles()
    {
        using ImageSource source = ImageSource.FromBytes(file);
        using MemoryStream pack = new(), small = new(), large = new();
        Derivatives.Write(source, facts, pack, (256, small), (1024, large));
        return pack.Length;
    }
}
