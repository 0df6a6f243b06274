namespace Perenne.Imaging;

/// <summary>One corner: position in reduced pixels and a 256-bit BRIEF descriptor (Calonder et al. 2010).</summary>
internal readonly record struct ViewPointOfInterest(float X, float Y, ulong A, ulong B, ulong C, ulong D)
{
    public int Distance(in ViewPointOfInterest o) =>
        System.Numerics.BitOperations.PopCount(A ^ o.A) + System.Numerics.BitOperations.PopCount(B ^ o.B)
        + System.Numerics.BitOperations.PopCount(C ^ o.C) + System.Numerics.BitOperations.PopCount(D ^ o.D);
}

/// <summary>What a camera sees when nothing is wrong: its corners. About 40 bytes per corner, at most some thousand; <see cref="ToBytes"/> to keep it.</summary>
public sealed class ViewReference
{
    private const int EntryBytes = 40;

    private ViewReference(int width, int height, ViewPointOfInterest[] points) => (Width, Height, Points) = (width, height, points);

    /// <summary>Size of the reduced picture, pixels.</summary>
    public int Width { get; }
    public int Height { get; }

    /// <summary>Corners found; a view with fewer than 30 cannot be compared.</summary>
    public int Corners => Points.Length;

    internal ViewPointOfInterest[] Points { get; }

    public static ViewReference Of(GrayImage image) => new(image.Width, image.Height, CornerFinder.Find(image));

    public byte[] ToBytes()
    {
        MemoryStream bytes = new(12 + Points.Length * EntryBytes);
        BinaryWriter w = new(bytes);
        w.Write("PVW1"u8);
        w.Write(Width);
        w.Write(Height);
        foreach (ViewPointOfInterest p in Points)
        {
            w.Write(p.X);
            w.Write(p.Y);
            foreach (ulong part in (ReadOnlySpan<ulong>)[p.A, p.B, p.C, p.D])
                w.Write(part);
        }
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not from <see cref="ToBytes"/>.</exception>
    public static ViewReference FromBytes(byte[] bytes)
    {
        if (bytes.Length < 12 || (bytes.Length - 12) % EntryBytes != 0 || !bytes.AsSpan(0, 4).SequenceEqual("PVW1"u8))
            throw new InvalidDataException("Not a stored view reference.");
        BinaryReader r = new(new MemoryStream(bytes, 4, bytes.Length - 4));
        (int width, int height) = (r.ReadInt32(), r.ReadInt32());
        ViewPointOfInterest[] points = new ViewPointOfInterest[(bytes.Length - 12) / EntryBytes];
        for (int i = 0; i < points.Length; i++)
            points[i] = new(r.ReadSingle(), r.ReadSingle(), r.ReadUInt64(), r.ReadUInt64(), r.ReadUInt64(), r.ReadUInt64());
        return new ViewReference(width, height, points);
    }
}
