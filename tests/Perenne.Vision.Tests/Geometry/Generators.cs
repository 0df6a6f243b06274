using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

internal static class Generators
{
    /// <summary>Small sizes, single rows and columns included.</summary>
    public static Gen<ImageSize> Size { get; } = Gen.Select(Gen.Int[1, 24], Gen.Int[1, 24], (w, h) => new ImageSize(w, h));

    /// <summary>Bitmaps with blocks as well as noise, so that runs of every kind occur.</summary>
    public static Gen<(ImageSize Size, byte[] Pixels)> Bitmap { get; } =
        from size in Size
        from density in Gen.Int[0, 10]
        from noise in Gen.Int[0, 9].Array[size.Width * size.Height]
        select (size, noise.Select(n => (byte)(n < density ? 1 : 0)).ToArray());

    public static Gen<RunLengthMask> Mask { get; } = Bitmap.Select(b => MaskBitmap.Encode(b.Pixels, b.Size.Width, b.Size.Height));

    public static Gen<(RunLengthMask A, RunLengthMask B)> MaskPair { get; } =
        from a in Bitmap
        from other in Gen.Int[0, 1].Array[a.Pixels.Length]
        select (MaskBitmap.Encode(a.Pixels, a.Size.Width, a.Size.Height),
            MaskBitmap.Encode([.. other.Select(v => (byte)v)], a.Size.Width, a.Size.Height));
}
