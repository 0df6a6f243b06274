using CsCheck;
using Perenne.Contracts.Models;
using Perenne.Imaging;
using Perenne.TestSupport;

namespace Perenne.Inference.Tests;

public class InputWriterTests
{
    [Fact]
    public void Pixels_become_scaled_and_normalised_numbers_and_the_border_its_grey()
    {
        ModelInput input = new() { Width = 4, Height = 4, Mean = [0.5], Std = [0.25], PadValue = 51 };
        using PixelBuffer image = Pictures.Gray(4, 2, 255);
        float[] tensor = Written(input, image);
        Assert.Equal((float)((51 / 255d - 0.5) / 0.25), tensor[0], 1e-6f);
        Assert.Equal(2f, tensor[4], 1e-6f);
        Assert.Equal(2f, tensor[11], 1e-6f);
        Assert.Equal(tensor[0], tensor[15]);
    }

    [Theory]
    [InlineData(ChannelOrder.Rgb, 10, 20, 30)]
    [InlineData(ChannelOrder.Bgr, 30, 20, 10)]
    public void Colour_goes_in_the_order_the_network_was_trained_on(ChannelOrder order, float first, float second, float third)
    {
        using PixelBuffer image = new(2, 2, PixelLayout.Rgba32);
        for (int i = 0; i < 4; i++)
            ((ReadOnlySpan<byte>)[10, 20, 30, 255]).CopyTo(image.Bytes[(4 * i)..]);
        float[] tensor = Written(new ModelInput { Width = 2, Height = 2, Channels = order, Scale = 1 }, image);
        Assert.Equal([first, second, third], [tensor[0], tensor[4], tensor[8]]);
    }

    [Fact]
    public void The_reference_is_the_last_channel()
    {
        using PixelBuffer image = Pictures.Gray(2, 2, 7), reference = Pictures.Gray(2, 2, 9);
        Assert.Equal([7, 7, 7, 7, 9, 9, 9, 9], Written(new ModelInput { Width = 2, Height = 2, Scale = 1, Reference = true }, image, reference));
    }

    [Fact]
    public void Sixteen_bit_pixels_are_cut_to_their_upper_eight()
    {
        using PixelBuffer image = new(2, 1, PixelLayout.Gray16);
        (image.Row16(0)[0], image.Row16(0)[1]) = (0x12FF, 0xFE00);
        Assert.Equal([0x12, 0xFE], Written(new ModelInput { Width = 2, Height = 1, Scale = 1 }, image));
    }

    [Fact]
    public void Resampling_is_bilinear_between_pixel_centres()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 1000]).Sample((w, h, tw, th, seed) =>
        {
            using PixelBuffer image = Pictures.Gray(w, h);
            new Random(seed).NextBytes(image.Bytes);
            float[] tensor = Written(new ModelInput { Width = tw, Height = th, Scale = 1, Resize = ResizeMode.Stretch }, image);
            for (int y = 0; y < th; y++)
                for (int x = 0; x < tw; x++)
                    Assert.Equal(Bilinear(image, (x + .5) * w / tw - .5, (y + .5) * h / th - .5), tensor[y * tw + x], 1e-2);
        }, iter: 200);
    }

    [Fact]
    public void A_missing_or_misfit_reference_is_refused_with_a_sentence()
    {
        ModelInput input = new() { Width = 4, Height = 4, Reference = true };
        using PixelBuffer image = Pictures.Gray(4, 4), other = Pictures.Gray(8, 4);
        Assert.Contains("give one", Assert.Throws<FrameException>(() => Written(input, image)).Message, StringComparison.Ordinal);
        Assert.Contains("8 × 4", Assert.Throws<FrameException>(() => Written(input, image, other)).Message, StringComparison.Ordinal);
    }

    private static float[] Written(ModelInput input, PixelBuffer image, PixelBuffer? reference = null)
    {
        using FramePlanes planes = new(input, new Frame(image, reference));
        Placement p = Placement.Of(input, image.Width, image.Height)[0];
        InputWriter writer = new(input);
        float[] tensor = new float[writer.Channels * p.Width * p.Height];
        writer.Write(planes.Planes, p, tensor);
        return tensor;
    }

    private static double Bilinear(PixelBuffer image, double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, image.Width - 1), Math.Clamp(y, 0, image.Height - 1));
        (int left, int top) = ((int)x, (int)y);
        double At(int px, int py) => image.Row(Math.Min(py, image.Height - 1))[Math.Min(px, image.Width - 1)];
        double upper = At(left, top) + (At(left + 1, top) - At(left, top)) * (x - left);
        double lower = At(left, top + 1) + (At(left + 1, top + 1) - At(left, top + 1)) * (x - left);
        return upper + (lower - upper) * (y - top);
    }
}
