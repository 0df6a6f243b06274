using System.Buffers.Binary;
using Perenne.Vision.Statistics;

namespace Perenne.Training.Tests;

/// <summary>Small synthetic grey pictures, written as 24-bit BMP.</summary>
internal sealed class TestPicture
{
    private readonly byte[] pixels;

    public TestPicture(int width, int height, ulong seed, byte ground = 110)
    {
        (Width, Height, pixels) = (width, height, new byte[width * height]);
        SeededRandom random = new(seed);
        foreach (ref byte p in pixels.AsSpan())
            p = (byte)(ground + random.Next(25) - 12);
    }

    public int Width { get; }
    public int Height { get; }

    public TestPicture Square(int x, int y, int side, byte value) => Fill(x, y, side, value, (_, _) => true);

    public TestPicture Disc(int x, int y, int side, byte value) =>
        Fill(x, y, side, value, (dx, dy) => (dx - side / 2.0 + 0.5) * (dx - side / 2.0 + 0.5) + (dy - side / 2.0 + 0.5) * (dy - side / 2.0 + 0.5) <= side * side / 4.0);

    public void Save(string path)
    {
        int row = (Width * 3 + 3) / 4 * 4;
        byte[] file = new byte[54 + row * Height];
        (file[0], file[1]) = ((byte)'B', (byte)'M');
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        file[10] = 54;
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), Height);
        file[26] = 1;
        file[28] = 24;
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                file.AsSpan(54 + (Height - 1 - y) * row + 3 * x, 3).Fill(pixels[y * Width + x]);
        File.WriteAllBytes(path, file);
    }

    private TestPicture Fill(int x, int y, int side, byte value, Func<int, int, bool> inside)
    {
        for (int dy = 0; dy < side; dy++)
            for (int dx = 0; dx < side; dx++)
                if (inside(dx, dy))
                    pixels[(y + dy) * Width + x + dx] = value;
        return this;
    }
}
