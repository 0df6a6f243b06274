using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Cli.Learn;

/// <summary>The outline of a shape as one list of corners.</summary>
internal static class Outline
{
    /// <summary>[x1, y1, x2, y2, …]; null for a box. Several rings are joined by bridges walked there and back, which the even-odd rule does not see.</summary>
    public static IReadOnlyList<double>? Of(Shape shape) => shape switch
    {
        PolygonShape polygon => Join(polygon.Rings),
        MaskShape mask => Join(MaskTracer.Trace(mask.Mask).Rings),
        RotatedBoxShape box => [.. Corners.Of(box.Box).SelectMany(p => (double[])[p.X, p.Y])],
        _ => null,
    };

    private static List<double>? Join(ImmutableArray<ImmutableArray<ImagePoint>> rings)
    {
        List<double> all = [];
        foreach (ImmutableArray<ImagePoint> ring in rings.Where(r => r.Length >= 3))
        {
            foreach (ImagePoint p in ring)
                all.AddRange([p.X, p.Y]);
            if (rings.Length > 1)
                all.AddRange([ring[0].X, ring[0].Y, all[0], all[1]]);
        }
        return all.Count == 0 ? null : all;
    }
}
