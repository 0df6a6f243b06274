using NetVips;

namespace Perenne.Imaging.Tests;

public class DecodeTests
{
    private static readonly Dictionary<string, byte[]> Files = TestImages.All();

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_kind_of_file_gives_the_picture_that_was_saved(string name)
    {
        using PixelBuffer pixels = TestImages.Decode(Files[name]);
        bool gray = name.StartsWith("gray", StringComparison.Ordinal), deep = name.Contains("16", StringComparison.Ordinal);
        Assert.Equal((gray, deep) switch { (true, false) => PixelLayout.Gray8, (true, true) => PixelLayout.Gray16, (false, false) => PixelLayout.Rgba32, _ => PixelLayout.Rgb48 }, pixels.Layout);
        byte[] expected = gray ? TestImages.Gray().WriteToMemory<byte>() : TestImages.Rgb();
        int channels = gray ? 1 : 3, samples = deep ? 2 : 1, size = pixels.Layout.BytesPerPixel();
        double error = 0;
        for (int i = 0; i < 96 * 64; i++)
            for (int c = 0; c < channels; c++)
                error += Math.Abs(pixels.Bytes[i * size + c * samples + samples - 1] - expected[i * channels + c]);
        error /= 96 * 64 * channels;
        // Lossless kinds are exact; JPEG, palette and lossy WebP are near; CMYK goes through two colour conversions.
        double tolerance = name switch { "cmyk.jpg" => 25, _ when name.EndsWith(".jpg", StringComparison.Ordinal) => 4, "palette.png" => 4, "lossy.webp" => 8, _ => 0 };
        Assert.InRange(error, 0, tolerance);
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".tif")]
    [InlineData(".png")]
    [InlineData(".webp")]
    public void All_eight_orientations_give_the_same_upright_pixels(string extension)
    {
        Image upright = TestImages.Colour();
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            // The inverse of each orientation, so that applying it restores the picture.
            Image stored = orientation switch
            {
                2 => upright.FlipHor(),
                3 => upright.Rot180(),
                4 => upright.FlipVer(),
                5 => upright.Rot90().FlipHor(),
                6 => upright.Rot270(),
                7 => upright.Rot270().FlipHor(),
                8 => upright.Rot90(),
                _ => upright,
            };
            stored = stored.Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
            byte[] file = extension switch { ".jpg" => stored.JpegsaveBuffer(q: 100, subsampleMode: Enums.ForeignSubsample.Off), ".tif" => stored.TiffsaveBuffer(), ".png" => stored.PngsaveBuffer(), _ => stored.WebpsaveBuffer(lossless: true) };
            ImageFacts facts = TestImages.Facts(file);
            Assert.Equal((orientation, 96, 64), (facts.Orientation, facts.Width, facts.Height));
            using PixelBuffer pixels = TestImages.Decode(file);
            byte[] expected = TestImages.Rgb();
            int worst = 0;
            for (int i = 0; i < 96 * 64; i++)
                for (int c = 0; c < 3; c++)
                    worst = Math.Max(worst, Math.Abs(pixels.Bytes[i * 4 + c] - expected[i * 3 + c]));
            Assert.InRange(worst, 0, extension == ".jpg" ? 12 : 0);
        }
    }

    [Fact]
    public void Camera_and_time_are_read_from_exif()
    {
        Image image = TestImages.Colour().Mutate(m =>
        {
            m.Set(GValue.GStrType, "exif-ifd0-Make", "Basler");
            m.Set(GValue.GStrType, "exif-ifd0-Model", "acA2440");
            m.Set(GValue.GStrType, "exif-ifd2-DateTimeOriginal", "2026:03:29 02:30:00");
            m.Set(GValue.GStrType, "exif-ifd2-BodySerialNumber", "40123456");
        });
        ExifFacts exif = TestImages.Facts(image.JpegsaveBuffer()).Exif;
        Assert.Equal(("Basler", "acA2440", "40123456"), (exif.Make, exif.Model, exif.Serial));
        Assert.Equal(new DateTime(2026, 3, 29, 2, 30, 0), exif.CapturedAt);
    }

    [Fact]
    public void Loaders_outside_the_accepted_formats_are_switched_off()
    {
        using PixelBuffer warm = TestImages.Decode(Files["gray.tif"]);
        Assert.Throws<VipsException>(() => Image.NewFromBuffer("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray()));
        Assert.Throws<VipsException>(() => Image.NewFromBuffer("GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray()));
    }
}
