namespace Perenne.Imaging;

/// <summary>Whether a camera has a fixed view at all: cameras that see another part each time must not be judged by a reference.</summary>
public sealed record ViewProfile(int Images, double MedianVisible)
{
    /// <summary>At least 20 accepted pictures that normally find much of the reference again (DeepPCB: same board .32 to .51, another board at most .06).</summary>
    public bool IsFixed => Images >= 20 && MedianVisible >= .25;

    public static ViewProfile Learn(IReadOnlyCollection<ViewComparison> accepted) =>
        new(accepted.Count, RobustBaseline.Of(accepted.Select(a => a.Visible)).Median);

    /// <summary>One shifted frame may be a knock; the last <paramref name="frames"/> in a row are a movement.</summary>
    public bool HasMoved(IReadOnlyList<ViewComparison> latest, QualityThresholds thresholds, int frames = 3) =>
        IsFixed && latest.Count >= frames && latest.TakeLast(frames).All(v => v.Visible >= thresholds.MinVisible * MedianVisible && v.CornerShift > thresholds.MaxShift);
}
