using Perenne.Imaging;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

/// <summary>Pictures for the model of bright spots.</summary>
internal static class SpotPicture
{
    /// <summary>A textured picture as a BMP file, with a bright spot or without.</summary>
    public static byte[] Of(bool spot, int seed = 1)
    {
        using PixelBuffer pixels = Pictures.Gray(64, 64);
        Random random = new(seed);
        // Below the score's threshold of 0.5, and bright enough for the quality check.
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
                pixels.Row(y)[x] = (byte)(40 + ((x / 4 + y / 4) % 2 * 60) + random.Next(12));
        if (spot)
            for (int y = 24; y < 32; y++)
                pixels.Row(y)[16..24].Fill(255);
        return Bmp(pixels);
    }

    /// <summary>A part that lies still under the camera: forty rectangles that belong to the product, noise that belongs to the frame, and a rag over most of it.</summary>
    public static byte[] Board(int product, int seed, bool covered = false)
    {
        using PixelBuffer pixels = Pictures.Gray(320, 240, 30);
        Random parts = new(product), noise = new(seed);
        for (int r = 0; r < 40; r++)
        {
            (int x, int y, int width, int height, byte value) = (parts.Next(290), parts.Next(210), parts.Next(8, 30), parts.Next(8, 30), (byte)parts.Next(50, 115));
            for (int row = y; row < y + height; row++)
                pixels.Row(row)[x..(x + width)].Fill(value);
        }
        for (int y = 0; y < 240; y++)
            for (int x = 0; x < 320; x++)
                pixels.Row(y)[x] = (byte)((covered && x > 60 ? 60 + (x + y) % 7 * 5 : pixels.Row(y)[x]) + noise.Next(6));
        return Bmp(pixels);
    }

    public static byte[] Bmp(PixelBuffer gray)
    {
        int stride = (gray.Width * 3 + 3) / 4 * 4;
        byte[] bytes = new byte[54 + stride * gray.Height];
        using BinaryWriter w = new(new MemoryStream(bytes));
        w.Write((byte)'B'); w.Write((byte)'M'); w.Write(bytes.Length); w.Write(0); w.Write(54);
        w.Write(40); w.Write(gray.Width); w.Write(gray.Height); w.Write((short)1); w.Write((short)24);
        for (int y = 0; y < gray.Height; y++)
            for (int x = 0; x < gray.Width; x++)
                bytes.AsSpan(54 + (gray.Height - 1 - y) * stride + 3 * x, 3).Fill(gray.Row(y)[x]);
        return bytes;
    }
}
