using Perenne.Contracts.Models;
using Perenne.Imaging;

namespace Perenne.Inference;

/// <summary>One channel of a picture: 8-bit samples at a fixed step. Of 16-bit samples the upper byte is read.</summary>
internal readonly record struct Plane(PixelBuffer Pixels, int Step, int Offset);

/// <summary>The channels of one frame in the order of the tensor. Holds converted copies; dispose it after the last tile was written.</summary>
internal sealed class FramePlanes : IDisposable
{
    private readonly List<PixelBuffer> owned = [];

    public FramePlanes(ModelInput input, Frame frame)
    {
        if (input.Reference)
            CheckReference(frame);
        Planes = new Plane[ManifestCheck.ChannelsOf(input)];
        if (input.Channels == ChannelOrder.Gray)
            Planes[0] = Gray(frame.Image);
        else
            for (int c = 0; c < 3; c++)
                Planes[c] = Color(frame.Image, input.Channels == ChannelOrder.Bgr ? 2 - c : c);
        if (input.Reference)
            Planes[^1] = Gray(frame.Reference!);
        (Width, Height) = (frame.Image.Width, frame.Image.Height);
    }

    public Plane[] Planes { get; }
    public int Width { get; }
    public int Height { get; }

    public void Dispose() => owned.ForEach(p => p.Dispose());

    private static void CheckReference(Frame frame)
    {
        if (frame.Reference is not { } reference)
            throw new FrameException("This model compares each image with a defect-free reference image of the same part; give one.");
        if (reference.Width != frame.Image.Width || reference.Height != frame.Image.Height)
            throw new FrameException($"The reference image has {reference.Width} × {reference.Height} pixels and the image {frame.Image.Width} × {frame.Image.Height}; give an aligned reference of the same size.");
    }

    private Plane Gray(PixelBuffer pixels)
    {
        switch (pixels.Layout)
        {
            case PixelLayout.Gray8:
                return new Plane(pixels, 1, 0);
            case PixelLayout.Gray16:
                return new Plane(pixels, 2, HighByte);
            default:
                PixelBuffer luma = pixels.ToLuma();
                owned.Add(luma);
                return new Plane(luma, 1, 0);
        }
    }

    private static Plane Color(PixelBuffer pixels, int channel) => pixels.Layout switch
    {
        PixelLayout.Gray8 => new Plane(pixels, 1, 0),
        PixelLayout.Gray16 => new Plane(pixels, 2, HighByte),
        PixelLayout.Rgba32 => new Plane(pixels, 4, channel),
        _ => new Plane(pixels, 6, 2 * channel + HighByte),
    };

    private static int HighByte => BitConverter.IsLittleEndian ? 1 : 0;
}
