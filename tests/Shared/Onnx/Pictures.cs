using Perenne.Imaging;

namespace Perenne.TestSupport;

/// <summary>Pictures drawn in memory.</summary>
internal static class Pictures
{
    public static PixelBuffer Gray(int width, int height, byte background = 0)
    {
        PixelBuffer pixels = new(width, height, PixelLayout.Gray8);
        pixels.Bytes.Fill(background);
        return pixels;
    }

    public static PixelBuffer WithSpot(int width, int height, int x, int y, int size, byte value = 255, byte background = 0)
    {
        PixelBuffer pixels = Gray(width, height, background);
        for (int row = Math.Max(0, y); row < Math.Min(height, y + size); row++)
            pixels.Row(row)[Math.Max(0, x)..Math.Min(width, x + size)].Fill(value);
        return pixels;
    }
}
