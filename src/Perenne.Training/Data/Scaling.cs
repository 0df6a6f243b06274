namespace Perenne.Training.Data;

/// <summary>Bilinear resizing with pixel centres at half (the convention of OpenCV and of the inference library).</summary>
internal static class Scaling
{
    public static Picture Resize(Picture picture, int width, int height)
    {
        if (picture.Width == width && picture.Height == height)
            return picture;
        byte[] planes = new byte[picture.PlaneCount * width * height];
        for (int p = 0; p < picture.PlaneCount; p++)
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    planes[(p * height + y) * width + x] = (byte)(Sample(picture.Plane(p), picture.Width, picture.Height,
                        (x + 0.5f) * picture.Width / width - 0.5f, (y + 0.5f) * picture.Height / height - 0.5f) + 0.5f);
        return new Picture(width, height, planes);
    }

    /// <summary>The value between four pixels; places outside take the nearest pixel's.</summary>
    public static float Sample(ReadOnlySpan<byte> plane, int width, int height, float x, float y)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        int x0 = (int)x, y0 = (int)y, x1 = Math.Min(x0 + 1, width - 1), y1 = Math.Min(y0 + 1, height - 1);
        float fx = x - x0, fy = y - y0;
        float upper = plane[y0 * width + x0] + fx * (plane[y0 * width + x1] - plane[y0 * width + x0]);
        float lower = plane[y1 * width + x0] + fx * (plane[y1 * width + x1] - plane[y1 * width + x0]);
        return upper + fy * (lower - upper);
    }
}
