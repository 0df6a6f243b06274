using Perenne.Contracts.Models;
using Perenne.Vision.Geometry;

namespace Perenne.Inference;

/// <summary>A box on the image before thresholds: calibrated score, and whether an inner tile border cuts it.</summary>
internal readonly record struct Scored(int Class, double Score, Box Box, int Tile = 0, bool Cut = false);

/// <summary>Greedy non-maximum suppression. Ties keep the order they came in, so that the same image always gives the same answer.</summary>
internal static class Nms
{
    /// <summary>More candidates than this are cut off at the weak end before the quadratic part.</summary>
    private const int MaxCandidates = 4000;

    /// <returns>Survivors, strongest first.</returns>
    public static List<Scored> Apply(IEnumerable<Scored> candidates, NmsSettings? settings)
    {
        IEnumerable<Scored> sorted = candidates.OrderByDescending(c => c.Score);
        if (settings is null)
            return [.. sorted];
        List<Scored> kept = [];
        foreach (Scored candidate in sorted.Take(MaxCandidates))
        {
            if (kept.Count >= settings.MaxDetections)
                break;
            if (!kept.Exists(k => (!settings.PerClass || k.Class == candidate.Class) && BoxIou.Of(candidate.Box, k.Box) > settings.Iou))
                kept.Add(candidate);
        }
        return kept;
    }
}
