using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Perenne.Imaging.Tests;

public class ProbeTests
{
    private static readonly Dictionary<string, byte[]> Files = TestImages.All();

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_kind_of_file_is_known_by_its_bytes(string name)
    {
        ImageFacts facts = TestImages.Facts(Files[name]);
        string expected = Path.GetExtension(name) switch { ".jpg" => "Jpeg", ".tif" => "Tiff", ".png" => "Png", ".bmp" => "Bmp", _ => "WebP" };
        Assert.Equal(expected, facts.Format.ToString());
        Assert.Equal((96, 64), (facts.Width, facts.Height));
        Assert.Equal(name.Contains("16", StringComparison.Ordinal) ? 16 : 8, facts.BitDepth);
        Assert.Equal(name.StartsWith("animated", StringComparison.Ordinal) ? 2 : 1, facts.Frames);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_file_cut_at_any_tenth_is_refused_in_words(string name)
    {
        byte[] file = Files[name];
        for (int tenth = 0; tenth < 10; tenth++)
        {
            using ImageSource source = ImageSource.FromBytes(file.AsMemory(0, file.Length * tenth / 10));
            InspectionResult result = ImageInspector.Inspect(source, name);
            Assert.NotNull(result.Refusal);
            Assert.Contains(result.Refusal.Code, (RefusalCode[])[RefusalCode.Empty, RefusalCode.Truncated, RefusalCode.Corrupt]);
            Assert.EndsWith(".", result.Refusal.Sentence);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_path_and_memory_tell_the_same(string name)
    {
        string path = Path.Combine(Path.GetTempPath(), $"perenne-probe-{Environment.ProcessId}-{name}");
        File.WriteAllBytes(path, Files[name]);
        try
        {
            using ImageSource file = ImageSource.FromFile(path);
            Inspection fromFile = ImageInspector.Inspect(file, name).Inspection!;
            Inspection fromMemory = TestImages.Inspect(Files[name]);
            Assert.Equal(fromMemory.Facts, fromFile.Facts);
            Assert.Equal(fromMemory.Measures, fromFile.Measures);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_wrong_extension_is_noted_and_the_file_kept()
    {
        using ImageSource source = ImageSource.FromBytes(Files["gray.png"]);
        Assert.Equal("mislabelled", Assert.Single(ImageProbe.Probe(source, "board.JPG").Notes).Code);
    }

    [Theory]
    [InlineData("GIF89a………", RefusalCode.UnsupportedFormat, "GIF")]
    [InlineData("%PDF-1.7………", RefusalCode.UnsupportedFormat, "PDF")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", RefusalCode.UnsupportedFormat, "SVG")]
    [InlineData("hello world", RefusalCode.UnknownFormat, "PNG")]
    [InlineData("", RefusalCode.Empty, "0 bytes")]
    public void What_is_no_picture_is_refused_by_name(string text, RefusalCode code, string word)
    {
        using ImageSource source = ImageSource.FromBytes(System.Text.Encoding.UTF8.GetBytes(text));
        ImageRefusal? refusal = ImageProbe.Probe(source, "board.png").Refusal;
        Assert.Equal(code, refusal?.Code);
        Assert.Contains(word, refusal!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_that_declares_more_than_its_bytes_can_hold_is_a_bomb()
    {
        using ImageSource source = ImageSource.FromBytes(Png(30_000, 30_000, new byte[100]));
        Assert.Equal(RefusalCode.Bomb, ImageProbe.Probe(source).Refusal?.Code);
    }

    [Fact]
    public void A_png_of_zeros_that_expands_a_thousandfold_is_a_bomb_unless_the_limit_is_raised()
    {
        byte[] file = Png(20_000, 20_000, new byte[20_001 * 20_000]);
        using ImageSource source = ImageSource.FromBytes(file);
        Assert.Equal(RefusalCode.Bomb, ImageProbe.Probe(source).Refusal?.Code);
        Assert.True(ImageProbe.Probe(source, limits: new ImageLimits { MaxExpansion = 2000 }).Accepted);
    }

    [Fact]
    public void Thirty_thousand_pixels_a_side_is_the_limit()
    {
        using ImageSource over = ImageSource.FromBytes(Png(30_001, 10, new byte[30_002 * 10]));
        using ImageSource at = ImageSource.FromBytes(Png(30_000, 10, new byte[30_001 * 10]));
        Assert.Equal(RefusalCode.TooLarge, ImageProbe.Probe(over).Refusal?.Code);
        Assert.True(ImageProbe.Probe(at).Accepted);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_zip_behind_the_picture_makes_it_a_polyglot(string name)
    {
        if (name.EndsWith(".tif", StringComparison.Ordinal))
            return; // A TIFF may hold data anywhere; the decoder reads only what its directory names.
        MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, true))
            archive.CreateEntry("evil.txt").Open().Dispose();
        using ImageSource source = ImageSource.FromBytes((byte[])[.. Files[name], .. zip.ToArray()]);
        Assert.Equal(RefusalCode.Polyglot, ImageProbe.Probe(source).Refusal?.Code);
    }

    [Fact]
    public void Html_behind_a_jpeg_is_refused_and_zero_padding_is_not()
    {
        using ImageSource html = ImageSource.FromBytes((byte[])[.. Files["gray.jpg"], .. "  <script>alert(1)</script>"u8]);
        using ImageSource padded = ImageSource.FromBytes((byte[])[.. Files["gray.jpg"], .. new byte[2000]]);
        Assert.Equal(RefusalCode.Polyglot, ImageProbe.Probe(html).Refusal?.Code);
        Assert.True(ImageProbe.Probe(padded).Accepted);
    }

    [Fact]
    public void A_changed_byte_in_a_png_breaks_its_checksum()
    {
        byte[] file = [.. Files["colour.png"]];
        file[file.Length / 2] ^= 4;
        using ImageSource source = ImageSource.FromBytes(file);
        Assert.Equal(RefusalCode.Corrupt, ImageProbe.Probe(source).Refusal?.Code);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(90)]
    [InlineData(98)]
    public void The_quality_of_a_jpeg_is_read_from_its_tables(int quality)
    {
        JpegFacts? facts = TestImages.Facts(TestImages.Gray().JpegsaveBuffer(q: quality)).Jpeg;
        Assert.Equal(quality, facts?.EstimatedQuality);
        Assert.NotEqual(facts?.TablesHash, TestImages.Facts(TestImages.Gray().JpegsaveBuffer(q: quality - 1)).Jpeg?.TablesHash);
    }

    internal static byte[] Png(int width, int height, byte[] raw)
    {
        MemoryStream body = new();
        using (ZLibStream z = new(body, CompressionLevel.Optimal, true))
            z.Write(raw);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, body.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] body)
    {
        byte[] chunk = [0, 0, 0, 0, .. name, .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }
}
