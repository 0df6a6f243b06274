using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

public class PixelTransformTests
{
    private static readonly ImageSize Size = new(7, 5);

    private static Gen<ImageTransform> Exact { get; } = Gen.OneOf(
        Gen.Const(ImageTransform.FlipHorizontal(Size)), Gen.Const(ImageTransform.FlipVertical(Size)),
        Gen.Int[-5, 5].Select(turns => ImageTransform.QuarterTurns(Size, turns)),
        Gen.Select(Gen.Int[-4, 4], Gen.Int[-4, 4], (x, y) => ImageTransform.Crop(Size, x, y, new ImageSize(6, 6))));

    private static Gen<byte[]> Picture(int channels) => Gen.Byte.Array[Size.Width * Size.Height * channels];

    [Fact]
    public void Each_pixel_goes_where_its_centre_goes() => Gen.Select(Exact, Picture(3)).Sample((map, pixels) =>
    {
        byte[] moved = PixelTransforms.Apply<byte>(map, pixels, 3, outside: 77);
        for (int y = 0; y < Size.Height; y++)
            for (int x = 0; x < Size.Width; x++)
            {
                ImagePoint to = map.Apply(new ImagePoint(x + 0.5, y + 0.5));
                if (to.X < 0 || to.Y < 0 || to.X >= map.Target.Width || to.Y >= map.Target.Height)
                    continue;
                Assert.Equal(pixels.AsSpan((y * Size.Width + x) * 3, 3), moved.AsSpan(((int)to.Y * map.Target.Width + (int)to.X) * 3, 3));
            }
    });

    [Fact]
    public void A_mask_moves_as_its_pixels_do() => Gen.Select(Exact, Picture(1)).Sample((map, noise) =>
    {
        byte[] bits = [.. noise.Select(value => (byte)(value & 1))];
        var mask = (MaskShape)map.Apply(new MaskShape(MaskBitmap.Encode(bits, Size.Width, Size.Height)));
        Assert.Equal(MaskBitmap.Decode(mask.Mask), PixelTransforms.Apply<byte>(map, bits, 1, outside: 0));
    });

    [Fact]
    public void What_is_drawn_in_a_box_stays_in_the_box_when_image_and_box_are_scaled_and_turned()
    {
        ImageSize size = new(40, 40);
        ushort[] pixels = new ushort[40 * 40];
        for (int y = 10; y < 20; y++)
            for (int x = 5; x < 25; x++)
                pixels[(y * 40) + x] = 60_000;
        ImageTransform map = ImageTransform.Scale(size, new ImageSize(80, 60)).Then(ImageTransform.Rotation(new ImageSize(80, 60), 30));
        Shape box = map.Apply(new BoxShape(new Box(5, 10, 20, 10)));
        ushort[] moved = PixelTransforms.Apply<ushort>(map, pixels, 1, outside: 0);
        int bright = 0;
        for (int i = 0; i < moved.Length; i++)
        {
            if (moved[i] < 30_000)
                continue;
            bright++;
            Assert.True(PointInShape.Contains(box, new ImagePoint((i % 80) + 0.5, (i / 80) + 0.5)), $"Pixel {i % 80}, {i / 80} is bright outside of the box.");
        }

        Assert.Equal(PolygonArea.Of(box), bright, PolygonArea.Of(box) * 0.05);
    }

    [Fact]
    public void Halfway_between_two_pixels_is_their_mean_and_the_border_goes_on()
    {
        ImageTransform twice = ImageTransform.Scale(new ImageSize(2, 1), new ImageSize(4, 1));
        Assert.Equal([0, 25, 75, 100], PixelTransforms.Apply<byte>(twice, [0, 100], 1, outside: 9));
    }

    [Fact]
    public void Too_few_values_are_refused_with_the_number_wanted() =>
        Assert.Contains("105", Assert.Throws<ArgumentException>(() => PixelTransforms.Apply<byte>(ImageTransform.Identity(Size), new byte[35], 3, 0)).Message, StringComparison.Ordinal);
}
