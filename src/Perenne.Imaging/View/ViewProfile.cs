namespace Perenne.Imaging;

/// <summary>Whether a camera has a fixed view at all: cameras that see another part each time must not be judged by a reference.</summary>
/// <param name="Images">Accepted pictures it was learnt from.</param>
/// <param name="MedianVisible">Share of the reference's details that is normally found again, 0..1.</param>
/// <param name="LowVisible">The share that all but the worst 5 % of them reach; null in profiles of older versions.</param>
/// <param name="UsualShift">The corner shift that 90 % of them stay within, as a share of the diagonal: parts do not lie to the pixel; null in profiles of older versions.</param>
public sealed record ViewProfile(int Images, double MedianVisible, double? LowVisible = null, double? UsualShift = null)
{
    /// <summary>Pictures that <see cref="Choose"/> should be given: fewer say little of what is usual, more only cost time.</summary>
    public const int Samples = 24;

    private const int Candidates = 5;

    /// <summary>Beyond what is usual by so much, a shift or a loss of details is no longer how parts come to lie.</summary>
    private const double BeyondUsual = 1.5;

    /// <summary>At least 20 accepted pictures that normally find much of the reference again (DeepPCB: same board .32 to .51, another board at most .06).</summary>
    public bool IsFixed => Images >= 20 && MedianVisible >= .25;

    public static ViewProfile Learn(IReadOnlyCollection<ViewComparison> accepted) =>
        new(accepted.Count, RobustBaseline.Of(accepted.Select(a => a.Visible)).Median, At(accepted.Select(a => a.Visible), .05), At(accepted.Select(a => a.CornerShift).Where(double.IsFinite), .9));

    /// <summary>Of five candidates among a camera's accepted pictures the one that finds the others again best, and what is normal against it.</summary>
    /// <returns>No reference where no two pictures could be compared; whether the view is fixed at all is for <see cref="IsFixed"/> to say.</returns>
    public static (ViewReference? Reference, ViewProfile Profile) Choose(IReadOnlyList<ViewReference> views)
    {
        (ViewReference? best, ViewProfile profile) = (null, new ViewProfile(0, 0));
        for (int c = 0; c < Math.Min(Candidates, views.Count); c++)
        {
            ViewReference candidate = views[c * views.Count / Candidates];
            ViewProfile found = Learn([.. views.Where(v => v != candidate).Select(v => ViewMatcher.Compare(candidate, v)).OfType<ViewComparison>()]);
            if (found.Images > 0 && (best is null || found.MedianVisible > profile.MedianVisible))
                (best, profile) = (candidate, found);
        }

        return (best, profile);
    }

    /// <summary>Share of the details below which the view is obstructed: of what is normally found, or less where this camera's own pictures vary more.</summary>
    public double VisibleLimit(QualityThresholds thresholds)
    {
        double limit = thresholds.MinVisible * MedianVisible;
        return LowVisible is { } low ? Math.Min(limit, low / BeyondUsual) : limit;
    }

    /// <summary>Corner shift above which the view is elsewhere: the threshold, or more where this camera's own parts lie further apart.</summary>
    public double ShiftLimit(QualityThresholds thresholds) => Math.Max(thresholds.MaxShift, BeyondUsual * (UsualShift ?? 0));

    /// <summary>One shifted frame may be a knock; the last <paramref name="frames"/> in a row are a movement.</summary>
    public bool HasMoved(IReadOnlyList<ViewComparison> latest, QualityThresholds thresholds, int frames = 3) =>
        IsFixed && latest.Count >= frames && latest.TakeLast(frames).All(v => v.Visible >= VisibleLimit(thresholds) && v.CornerShift > ShiftLimit(thresholds));

    private static double? At(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }
}
