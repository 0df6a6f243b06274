using System.Numerics;

namespace Perenne.Vision.Geometry;

/// <summary>Moves pixels along with the shapes of their image.</summary>
public static class PixelTransforms
{
    /// <summary>The image that a map makes of another: each target pixel is read, bilinearly, at the source position that <see cref="ImageTransform.Inverse"/> of its centre names.</summary>
    /// <remarks>Flips, quarter turns and crops copy values exactly. Where a map shrinks by more than two, blur or average first: it reads four source pixels at most.</remarks>
    /// <typeparam name="T">8 or 16 bit values: <see cref="byte"/> or <see cref="ushort"/>.</typeparam>
    /// <param name="map">From the source image to the target image.</param>
    /// <param name="pixels">Row by row, the channels of a pixel side by side: source width × height × channels values.</param>
    /// <param name="channels">Values of a pixel, at least 1.</param>
    /// <param name="outside">Value of target pixels that lie outside of the source.</param>
    /// <returns>Target width × height × channels values.</returns>
    /// <exception cref="ArgumentException">The number of values is not that of the source image.</exception>
    /// <exception cref="InvalidOperationException">The map flattens the image.</exception>
    public static T[] Apply<T>(ImageTransform map, ReadOnlySpan<T> pixels, int channels, T outside)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (int width, int height) = (map.Source.Width, map.Source.Height);
        if (pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"An image of {width} × {height} pixels with {channels} channels has {(long)width * height * channels} values, not {pixels.Length}.", nameof(pixels));
        ImageTransform back = map.Inverse();
        T[] target = new T[checked(map.Target.Width * map.Target.Height * channels)];
        int at = 0;
        for (int y = 0; y < map.Target.Height; y++)
            for (int x = 0; x < map.Target.Width; x++, at += channels)
            {
                ImagePoint from = back.Apply(new ImagePoint(x + 0.5, y + 0.5));
                Span<T> to = target.AsSpan(at, channels);
                if (from.X < 0 || from.Y < 0 || from.X >= width || from.Y >= height)
                    to.Fill(outside);
                else
                    Read(pixels, width, height, from.X - 0.5, from.Y - 0.5, to);
            }

        return target;
    }

    // x and y count from the centre of the first pixel; beyond the outermost centres the border's value goes on.
    private static void Read<T>(ReadOnlySpan<T> pixels, int width, int height, double x, double y, Span<T> to)
        where T : unmanaged, IBinaryInteger<T>
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        double right = x - left, low = y - top;
        int x0 = Math.Max(left, 0), x1 = Math.Min(left + 1, width - 1), y0 = Math.Max(top, 0), y1 = Math.Min(top + 1, height - 1);
        int channels = to.Length;
        for (int c = 0; c < channels; c++)
        {
            double upper = Mix(pixels, (y0 * width + x0) * channels + c, (y0 * width + x1) * channels + c, right);
            double lower = Mix(pixels, (y1 * width + x0) * channels + c, (y1 * width + x1) * channels + c, right);
            to[c] = T.CreateSaturating(Math.Round(upper + (lower - upper) * low));
        }
    }

    private static double Mix<T>(ReadOnlySpan<T> pixels, int a, int b, double share)
        where T : unmanaged, IBinaryInteger<T>
    {
        double first = double.CreateChecked(pixels[a]);
        return first + (double.CreateChecked(pixels[b]) - first) * share;
    }
}
