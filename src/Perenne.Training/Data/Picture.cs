namespace Perenne.Training.Data;

/// <summary>Pixels of one sample, one plane after another; the reference is the last plane where there is one.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Planes">[plane, y, x].</param>
internal sealed record Picture(int Width, int Height, byte[] Planes)
{
    public int PlaneCount => Planes.Length / (Width * Height);

    public ReadOnlySpan<byte> Plane(int plane) => Planes.AsSpan(plane * Width * Height, Width * Height);
}
