using Perenne.Vision.Geometry;

namespace Perenne.Training.Boxes;

/// <summary>One answer of the detector, in pixels of its image.</summary>
internal readonly record struct Found(int Class, Box Box, double Score);

/// <summary>From raw outputs to boxes: score above a floor, then greedy suppression per class.</summary>
internal static class Decoder
{
    private const int MaxCandidates = 2000;

    /// <summary>Boxes of one image of the batch.</summary>
    public static List<Found> Decode(IReadOnlyList<Level> levels, int image, int classes, int width, int height, double floor, double overlap, int most = 300)
    {
        List<Found> candidates = [];
        float logit = (float)Math.Log(floor / (1 - floor));
        foreach (Level level in levels)
            for (int cell = 0; cell < level.Cells; cell++)
            {
                int at = image * level.Cells + cell;
                for (int c = 0; c < classes; c++)
                    if (level.Logits[at * classes + c] >= logit)
                        candidates.Add(new Found(c, BoxAt(level, at, cell, width, height), 1 / (1 + Math.Exp(-level.Logits[at * classes + c]))));
            }
        return Suppress(candidates, overlap, most);
    }

    /// <summary>By falling score, drops what overlaps a kept box of its class by more than <paramref name="overlap"/>.</summary>
    public static List<Found> Suppress(IEnumerable<Found> candidates, double overlap, int most)
    {
        List<Found> kept = [];
        foreach (Found f in candidates.OrderByDescending(f => f.Score).Take(MaxCandidates))
            if (kept.Count < most && !kept.Exists(k => k.Class == f.Class && BoxIou.Of(k.Box, f.Box) > overlap))
                kept.Add(f);
        return kept;
    }

    private static Box BoxAt(Level level, int at, int cell, int width, int height)
    {
        Distances d = Assigner.Predicted(level, at);
        float x = level.CenterX(cell), y = level.CenterY(cell);
        double left = Math.Clamp(x - d.Left, 0, width), top = Math.Clamp(y - d.Top, 0, height);
        return new Box(left, top, Math.Clamp(x + d.Right, 0, width) - left, Math.Clamp(y + d.Bottom, 0, height) - top);
    }
}
