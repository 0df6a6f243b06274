using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Cli.Metrics;

/// <summary>An annotation or a detection as a COCO file holds it. <see cref="Section"/> and <see cref="Index"/> are its place, for errors found later.</summary>
internal readonly record struct CocoEntry(string File, string Section, int Index, long ImageId, long CategoryId, Box? Box, double? Score, double? Area, bool IsCrowd, CocoSegmentation? Segmentation)
{
    public FormatException Error(string problem) => new(FormattableString.Invariant($"{File}: {Section}[{Index}]: {problem}."));
}

/// <summary>Rings, or runs as a list or compressed text with their size.</summary>
internal sealed record CocoSegmentation(PolygonShape? Polygons, ImmutableArray<uint> Counts, string? Compressed, ImageSize Size)
{
    /// <summary>The mask; polygons as pycocotools fills them.</summary>
    /// <exception cref="FormatException">The runs are malformed.</exception>
    /// <exception cref="ArgumentException">A polygon has fewer than three corners.</exception>
    public RunLengthMask ToMask(ImageSize image) => Polygons is not null ? CocoRasterizer.Rasterize(Polygons, image)
        : Compressed is not null ? MaskString.Decode(Compressed, Size.Width, Size.Height)
        : new RunLengthMask(Size.Width, Size.Height, Counts);
}
