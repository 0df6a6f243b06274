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
