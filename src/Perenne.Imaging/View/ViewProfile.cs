namespace Perenne.Imaging;

/// <summary>Whether a camera has a fixed view at all: cameras that see another part each time must not be judged by a reference.</summary>
public sealed record ViewProfile(int Images, double MedianVisible)
{
    /// <summary>At least 20 accepted pictures, half of which find most of the reference again.</summary>
    public bool IsFixed => Images >= 20 && MedianVisible >= .6;

    public static ViewProfile Learn(IReadOnlyCollection<ViewComparison> accepted) =>
        new(accepted.Count, RobustBaseline.Of(accepted.Select(a => a.Visible)).Median);

    /// <summary>One shifted frame may be a knock; the last <paramref name="frames"/> in a row are a movement.</summary>
    public static bool HasMoved(IReadOnlyList<ViewComparison> latest, QualityThresholds thresholds, int frames = 3) =>
        latest.Count >= frames && latest.TakeLast(frames).All(v => v.Visible >= thresholds.MinVisible && v.CornerShift > thresholds.MaxShift);
}
