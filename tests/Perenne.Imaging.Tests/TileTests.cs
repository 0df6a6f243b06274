using NetVips;

namespace Perenne.Imaging.Tests;

public class TileTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 512, 512 }, { 513, 511 }, { 1500, 1027 }, { 40, 2049 } };

    [Theory, MemberData(nameof(Sizes))]
    public void A_tile_pack_puts_the_picture_together_again(int width, int height)
    {
        byte[] file = TestImages.Colour(width, height).PngsaveBuffer();
        MemoryStream pack = new(), small = new(), large = new();
        pack.Write("before"u8);
        using ImageSource source = ImageSource.FromBytes(file);
        Assert.Null(Derivatives.Write(source, TestImages.Facts(file), pack, (256, small), (1024, large)));
        pack.Position = 6;
        TileIndex index = TileIndex.Read(pack);
        Assert.Equal((width, height), (index.Width, index.Height));
        Assert.Equal((1, 1), (index.Columns(index.Levels - 1), index.RowCount(index.Levels - 1)));
        Assert.Null(index.Find(0, index.Columns(0), 0));
        using PixelBuffer expected = TestImages.Decode(file);
        for (int level = 0; level < index.Levels; level++)
            for (int row = 0; row < index.RowCount(level); row++)
                for (int column = 0; column < index.Columns(level); column++)
                {
                    TileRange range = index.Find(level, column, row)!.Value;
                    using PixelBuffer tile = TestImages.Decode(pack.ToArray().AsSpan(6 + (int)range.Offset, range.Length).ToArray());
                    Assert.Equal((Math.Min(512, index.LevelWidth(level) - 512 * column), Math.Min(512, index.LevelHeight(level) - 512 * row)), (tile.Width, tile.Height));
                    if (level == 0)
                        Assert.InRange(MeanError(tile, expected, 512 * column, 512 * row), 0, 6);
                }
        ImageFacts thumb = TestImages.Facts(large.ToArray());
        Assert.Equal(Math.Min(1024, Math.Max(width, height)), Math.Max(thumb.Width, thumb.Height));
        Assert.Equal(Math.Min(256, Math.Max(width, height)), Math.Max(TestImages.Facts(small.ToArray()).Width, TestImages.Facts(small.ToArray()).Height));
    }

    [Fact]
    public void Rotated_and_16_bit_pictures_become_upright_8_bit_tiles()
    {
        byte[] file = TestImages.Deep(TestImages.Colour()).Rot270().Mutate(m => m.Set(GValue.GIntType, "orientation", 6)).TiffsaveBuffer();
        MemoryStream pack = new(), thumb = new();
        using ImageSource source = ImageSource.FromBytes(file);
        Assert.Null(Derivatives.Write(source, TestImages.Facts(file), pack, (256, thumb)));
        using PixelBuffer upright = TestImages.Decode(thumb.ToArray()), expected = TestImages.Decode(TestImages.Colour().PngsaveBuffer());
        Assert.Equal((96, 64), (upright.Width, upright.Height));
        Assert.InRange(MeanError(upright, expected, 0, 0), 0, 6);
    }

    [Theory]
    [InlineData(Enums.ForeignTiffCompression.Deflate, true)]
    [InlineData(Enums.ForeignTiffCompression.Deflate, false)]
    [InlineData(Enums.ForeignTiffCompression.Lzw, true)]
    [InlineData(Enums.ForeignTiffCompression.Lzw, false)]
    public void A_compressed_tiff_with_a_damaged_part_is_refused_and_not_painted_black(Enums.ForeignTiffCompression compression, bool tiled)
    {
        byte[] file = Image.Gaussnoise(512, 512, mean: 128, sigma: 20, seed: 1).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw)
            .TiffsaveBuffer(compression: compression, tile: tiled, tileWidth: 128, tileHeight: 128);
        Assert.Equal(512, TestImages.Inspect(file).Facts.Width);
        file.AsSpan(file.Length / 2, 2000).Fill(0xFF);
        using ImageSource source = ImageSource.FromBytes(file);
        Assert.Equal(RefusalCode.Corrupt, ImageInspector.Inspect(source).Refusal?.Code);
        Assert.Equal(RefusalCode.Corrupt, Derivatives.Write(source, ImageProbe.Probe(source).Facts!, new MemoryStream())?.Code);
    }

    /// <summary>400 megapixels through measures and tiles; run with -explicit on.</summary>
    [Fact(Explicit = true)]
    public void Twenty_thousand_pixels_a_side_pass_in_bounded_memory()
    {
        string path = Path.Combine(Path.GetTempPath(), $"perenne-huge-{Environment.ProcessId}.tif"), tiles = path + ".tiles";
        Image.Gaussnoise(20_000, 20_000, mean: 128, sigma: 20, seed: 1).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw).Bandjoin([60, 90]).Copy(interpretation: Enums.Interpretation.Srgb).Tiffsave(path, compression: Enums.ForeignTiffCompression.Lzw);
        try
        {
            long before = Environment.WorkingSet, peak = 0;
            using ImageSource source = ImageSource.FromFile(path);
            Inspection seen = ImageInspector.Inspect(source).Inspection!;
            peak = Math.Max(peak, Environment.WorkingSet);
            using (FileStream pack = new(tiles, FileMode.Create, FileAccess.ReadWrite))
                Assert.Null(Derivatives.Write(source, seen.Facts, pack));
            peak = Math.Max(peak, Environment.WorkingSet);
            Assert.Equal(20_000, seen.Facts.Width);
            TestContext.Current.SendDiagnosticMessage($"working set before {before >> 20} MB, peak {peak >> 20} MB");
            Assert.InRange(peak - before, 0, 500L << 20);
        }
        finally
        {
            File.Delete(path);
            File.Delete(tiles);
        }
    }

    private static double MeanError(PixelBuffer tile, PixelBuffer whole, int left, int top)
    {
        double error = 0;
        for (int y = 0; y < tile.Height; y++)
            for (int x = 0; x < tile.Width; x++)
                for (int c = 0; c < 3; c++)
                    error += Math.Abs(tile.Row(y)[4 * x + c] - whole.Row(top + y)[4 * (left + x) + c]);
        return error / (3.0 * tile.Width * tile.Height);
    }
}
