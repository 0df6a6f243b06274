using Perenne.Vision.Geometry;

namespace Perenne.Inference;

/// <summary>
/// What tile borders cut is put together again: a cut box inside a whole one of the same class is dropped, two cut boxes that overlap
/// become one. Overlap is measured against the smaller box (as in SAHI, Akyon et al. 2022), because a cut box is much smaller than the whole.
/// </summary>
internal static class TileMerge
{
    private const double CutInWhole = 0.5;

    /// <summary>Two pieces of an object longer than a tile share only the tiles' overlap.</summary>
    private const double CutInCut = 0.2;

    /// <summary>True when the box ends at a border of the tile that is not a border of the image.</summary>
    public static bool IsCut(Box box, in Placement tile, int width, int height)
    {
        const double near = 2;
        int right = tile.SourceX + tile.SourceWidth, bottom = tile.SourceY + tile.SourceHeight;
        return (tile.SourceX > 0 && box.X - tile.SourceX < near) || (tile.SourceY > 0 && box.Y - tile.SourceY < near)
            || (right < width && right - box.Right < near) || (bottom < height && bottom - box.Bottom < near);
    }

    public static List<Scored> Apply(IEnumerable<Scored> candidates)
    {
        List<Scored> kept = [];
        foreach (Scored c in candidates.OrderBy(c => c.Cut).ThenByDescending(c => c.Score))
        {
            int at = c.Cut ? kept.FindIndex(k => k.Class == c.Class && k.Tile != c.Tile && Overlap(k.Box, c.Box) > (k.Cut ? CutInCut : CutInWhole)) : -1;
            if (at < 0)
                kept.Add(c);
            else if (kept[at].Cut)
                // The union belongs to no tile any more, so that a third piece can join it.
                kept[at] = kept[at] with { Box = Union(kept[at].Box, c.Box), Score = Math.Max(kept[at].Score, c.Score), Tile = -1 };
        }
        return kept;
    }

    private static double Overlap(Box a, Box b) => BoxIou.IntersectionArea(a, b) / Math.Max(1e-9, Math.Min(a.Area, b.Area));

    private static Box Union(Box a, Box b) => Box.FromCorners(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));
}
