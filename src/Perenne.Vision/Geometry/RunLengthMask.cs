using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>A binary mask as COCO run lengths: column-major runs, alternating background and foreground, starting with background (possibly 0).</summary>
/// <remarks>An instance always holds valid runs: the constructor refuses others with a <see cref="FormatException"/>. Width × Height is at most <see cref="MaximumPixels"/>.</remarks>
/// <param name="Width">Image width, pixels, &gt;= 0.</param>
/// <param name="Height">Image height, pixels, &gt;= 0.</param>
/// <param name="Counts">Run lengths; they sum to Width × Height.</param>
public sealed record RunLengthMask(int Width, int Height, ImmutableArray<uint> Counts)
{
    /// <summary>The largest image a mask may cover: run lengths and positions are 32-bit.</summary>
    public const long MaximumPixels = uint.MaxValue;

    /// <summary>Image width, pixels.</summary>
    public int Width { get; } = Width;

    /// <summary>Image height, pixels.</summary>
    public int Height { get; } = Height;

    /// <summary>Run lengths in column-major order, background first; they sum to Width × Height.</summary>
    public ImmutableArray<uint> Counts { get; } = Checked(Width, Height, Counts);

    /// <summary>The size of the image the mask covers.</summary>
    public ImageSize Size => new(Width, Height);

    /// <summary>Number of foreground pixels.</summary>
    public long Area
    {
        get
        {
            long area = 0;
            ReadOnlySpan<uint> counts = Counts.AsSpan();
            for (int i = 1; i < counts.Length; i += 2)
                area += counts[i];
            return area;
        }
    }

    /// <summary>A mask of this size without a foreground pixel.</summary>
    public static RunLengthMask Empty(ImageSize size) => new(size.Width, size.Height, [(uint)((long)size.Width * size.Height)]);

    /// <inheritdoc/>
    public bool Equals(RunLengthMask? other) => other is not null && Width == other.Width && Height == other.Height
        && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Width);
        hash.Add(Height);
        foreach (uint run in Counts)
            hash.Add(run);
        return hash.ToHashCode();
    }

    private static ImmutableArray<uint> Checked(int width, int height, ImmutableArray<uint> counts)
    {
        if (width < 0 || height < 0)
            throw new FormatException($"A mask's size must not be negative, but it is {width} × {height}.");
        long pixels = (long)width * height;
        if (pixels > MaximumPixels)
            throw new FormatException($"A mask covers at most {MaximumPixels} pixels, but {width} × {height} has {pixels}.");
        if (counts.IsDefault)
            throw new FormatException("A mask needs its run lengths.");
        long sum = 0;
        foreach (uint run in counts.AsSpan())
            sum += run;
        if (sum != pixels)
            throw new FormatException($"The run lengths must sum to {pixels} ({width} × {height}), but they sum to {sum}.");
        return counts;
    }
}
