using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>A shape as rings under a fill rule. With <see cref="IsUnion"/> every ring is convex and clockwise and the region is their union; otherwise even-odd.</summary>
internal sealed class PlaneRegion : IComparable<PlaneRegion>
{
    private const int ArcSteps = 32;
    private double? area;

    private PlaneRegion(ImmutableArray<ImmutableArray<ImagePoint>> rings, bool isUnion, bool isConvex)
    {
        Rings = rings;
        IsUnion = isUnion;
        Convex = isConvex ? rings[0] : null;
    }

    public ImmutableArray<ImmutableArray<ImagePoint>> Rings { get; }

    public bool IsUnion { get; }

    /// <summary>The only ring, where it is known to be convex.</summary>
    public ImmutableArray<ImagePoint>? Convex { get; }

    public double Area => area ??= Convex is { } ring ? PolygonArea.OfRing(ring.AsSpan()) : RegionOverlap.Area(this, this);

    public static PlaneRegion Of(Shape shape, double tolerance) => shape switch
    {
        BoxShape s => OfConvex(Corners.Of(s.Box)),
        RotatedBoxShape s => OfConvex(Corners.Of(s.Box)),
        PolygonShape s => new PlaneRegion(s.Rings, isUnion: false, s.Rings.Length == 1 && Convexity.IsConvex(s.Rings[0].AsSpan())),
        PointShape s => OfConvex(Capsule(s.Point, s.Point, tolerance)),
        PolylineShape s => Band(s.Points, tolerance),
        MaskShape s => new PlaneRegion(MaskTracer.Trace(s.Mask).Rings, isUnion: false, isConvex: false),
        _ => throw new ArgumentException($"Unknown shape {shape.GetType().Name}.", nameof(shape)),
    };

    public static PlaneRegion OfConvex(ImagePoint[] ring) => new([[.. ring]], isUnion: false, isConvex: true);

    public RunLengthMask Rasterize(ImageSize size)
    {
        if (!IsUnion)
            return ScanlineRasterizer.Rasterize(Rings, size);
        RunLengthMask union = RunLengthMask.Empty(size);
        foreach (ImmutableArray<ImagePoint> ring in Rings)
            union = MaskOperations.Union(union, ScanlineRasterizer.Rasterize([ring], size));
        return union;
    }

    public int CompareTo(PlaneRegion? other)
    {
        foreach ((ImagePoint mine, ImagePoint theirs) in Rings.SelectMany(r => r).Zip(other!.Rings.SelectMany(r => r)))
            if (mine != theirs)
                return mine.X != theirs.X ? mine.X.CompareTo(theirs.X) : mine.Y.CompareTo(theirs.Y);
        return Rings.Sum(r => r.Length).CompareTo(other.Rings.Sum(r => r.Length));
    }

    private static PlaneRegion Band(ImmutableArray<ImagePoint> points, double radius)
    {
        if (points.Length == 1)
            return OfConvex(Capsule(points[0], points[0], radius));
        var rings = ImmutableArray.CreateBuilder<ImmutableArray<ImagePoint>>();
        for (int i = 0; i + 1 < points.Length; i++)
            rings.Add([.. Capsule(points[i], points[i + 1], radius)]);
        return new PlaneRegion(rings.ToImmutable(), isUnion: true, isConvex: rings.Count == 1);
    }

    // Clockwise on the screen: a half circle about each end; a full one where the ends coincide.
    private static ImagePoint[] Capsule(ImagePoint a, ImagePoint b, double radius)
    {
        double heading = a == b ? 0 : Math.Atan2(b.Y - a.Y, b.X - a.X);
        int half = ArcSteps / 2;
        var ring = new ImagePoint[2 * (half + 1)];
        for (int i = 0; i <= half; i++)
        {
            double angle = heading - Math.PI / 2 + Math.PI * i / half;
            (double sin, double cos) = Math.SinCos(angle);
            ring[i] = new ImagePoint(b.X + radius * cos, b.Y + radius * sin);
            ring[half + 1 + i] = new ImagePoint(a.X - radius * cos, a.Y - radius * sin);
        }
        return ring;
    }
}
