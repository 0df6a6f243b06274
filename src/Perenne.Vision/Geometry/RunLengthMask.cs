using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>A binary mask as COCO run lengths: column-major runs, alternating background and foreground, starting with background (possibly 0).</summary>
/// <param name="Width">Image width, pixels.</param>
/// <param name="Height">Image height, pixels.</param>
/// <param name="Counts">Run lengths; they sum to Width × Height.</param>
public sealed record RunLengthMask(int Width, int Height, ImmutableArray<uint> Counts)
{
    /// <inheritdoc/>
    public bool Equals(RunLengthMask? other) => other is not null && Width == other.Width && Height == other.Height
        && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Counts.Aggregate(HashCode.Combine(Width, Height), HashCode.Combine);
}
