using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>What can be drawn on an image. Coordinates are upright image pixels.</summary>
public abstract record Shape;

/// <summary>An axis-aligned box.</summary>
public sealed record BoxShape(Box Box) : Shape;

/// <summary>A rotated box.</summary>
public sealed record RotatedBoxShape(RotatedBox Box) : Shape;

/// <summary>A polygon: one or more outer rings and their holes under the even-odd rule. Rings are not closed (the last point is not the first).</summary>
public sealed record PolygonShape(ImmutableArray<ImmutableArray<ImagePoint>> Rings) : Shape
{
    /// <summary>A polygon of one ring.</summary>
    public static PolygonShape FromRing(IEnumerable<ImagePoint> ring) => new([[.. ring]]);

    /// <inheritdoc/>
    public bool Equals(PolygonShape? other) => other is not null && Rings.Length == other.Rings.Length
        && Rings.Zip(other.Rings).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => Rings.Aggregate(17, (hash, ring) => ring.Aggregate(hash, HashCode.Combine));
}

/// <summary>An open line through its points.</summary>
public sealed record PolylineShape(ImmutableArray<ImagePoint> Points) : Shape
{
    /// <inheritdoc/>
    public bool Equals(PolylineShape? other) => other is not null && Points.AsSpan().SequenceEqual(other.Points.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Points.Aggregate(17, HashCode.Combine);
}

/// <summary>A single point.</summary>
public sealed record PointShape(ImagePoint Point) : Shape;

/// <summary>A pixel mask of the whole image.</summary>
public sealed record MaskShape(RunLengthMask Mask) : Shape;
