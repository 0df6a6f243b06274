namespace Perenne.Training.Data;

/// <summary>Writes pixels into the network's input: pixel-unshuffled by 4 and channels last, [y/4, x/4, channel·16 + (y mod 4)·4 + x mod 4].</summary>
internal static class Cutter
{
    /// <summary>Grey value around the picture.</summary>
    public const byte Pad = 114;

    /// <summary>Mean and standard deviation that pixels in [0, 1] are normalised with.</summary>
    public const float Mean = 0.5f, Deviation = 0.25f;

    private const float Factor = 1 / (255 * Deviation), Shift = -Mean / Deviation;

    /// <summary>A training crop. Contrast changes both picture and reference alike: they come from the same camera.</summary>
    public static void Crop(Picture picture, View view, Span<float> into)
    {
        int planes = picture.PlaneCount, cells = view.Size / 4;
        float gain = Factor * view.Gain, shift = Shift + (0.5f - 0.5f * view.Gain + view.Offset) / Deviation;
        bool exact = view.Scale == 1 && view.Left == MathF.Floor(view.Left) && view.Top == MathF.Floor(view.Top);
        (float x0, float y0) = view.ToPicture(0.5f, 0.5f);
        (float xx, float xy) = view.ToPicture(1.5f, 0.5f);
        (float yx, float yy) = view.ToPicture(0.5f, 1.5f);
        (xx, xy, yx, yy) = (xx - x0, xy - y0, yx - x0, yy - y0);
        for (int p = 0; p < planes; p++)
        {
            ReadOnlySpan<byte> plane = picture.Plane(p);
            for (int y = 0; y < view.Size; y++)
                for (int x = 0; x < view.Size; x++)
                {
                    float px = x0 + x * xx + y * yx - 0.5f, py = y0 + x * xy + y * yy - 0.5f, value;
                    if (px < -0.5f || py < -0.5f || px > picture.Width - 0.5f || py > picture.Height - 0.5f)
                        value = Pad;
                    else if (exact)
                        value = plane[(int)(py + 0.5f) * picture.Width + (int)(px + 0.5f)];
                    else
                        value = Scaling.Sample(plane, picture.Width, picture.Height, px, py);
                    into[((y >> 2) * cells + (x >> 2)) * planes * 16 + p * 16 + ((y & 3) << 2) + (x & 3)] = value * gain + shift;
                }
        }
    }

    /// <summary>A window of the picture at its own scale, padded to the right and below.</summary>
    public static void Window(Picture picture, int left, int top, int width, int height, Span<float> into)
    {
        int planes = picture.PlaneCount, cells = width / 4;
        for (int p = 0; p < planes; p++)
        {
            ReadOnlySpan<byte> plane = picture.Plane(p);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                {
                    byte value = left + x < picture.Width && top + y < picture.Height ? plane[(top + y) * picture.Width + left + x] : Pad;
                    into[((y >> 2) * cells + (x >> 2)) * planes * 16 + p * 16 + ((y & 3) << 2) + (x & 3)] = value * Factor + Shift;
                }
        }
    }
}
