using System.Globalization;

namespace Perenne.Imaging;

/// <summary>Measures and facts against the camera's profile. Pure; what is unknown is flagged or left out, never rejected.</summary>
public static class QualityJudge
{
    /// <param name="profile">Null, or too few pictures: the absolute limits of cold start apply.</param>
    /// <param name="views">The camera's newest comparisons in their order, this picture's last; null where no reference view exists. An obstruction is judged at once, a movement only when the last three agree.</param>
    /// <param name="viewProfile">What is normal for this camera; where its view is not fixed, <paramref name="views"/> are not judged.</param>
    public static QualityVerdict Judge(ImageFacts facts, ImageMeasures measures, CameraProfile? profile, QualityThresholds thresholds, IReadOnlyList<ViewComparison>? views = null, ViewProfile? viewProfile = null)
    {
        List<QualityReason> reasons = [];
        if (Math.Min(facts.Width, facts.Height) < thresholds.MinSide)
            reasons.Add(new("too-small", QualityLevel.Rejected, $"The picture is only {facts.Width} × {facts.Height} pixels. Send the original, not a thumbnail.", "size", $"{facts.Width} × {facts.Height}", thresholds.MinSide));
        if (measures.Contrast < thresholds.MinContrast)
            reasons.Add(new("low-information", QualityLevel.Rejected, "The picture is one flat tone: lens cap, no light or a dead sensor.", "contrast", Text(measures.Contrast), thresholds.MinContrast));
        if (profile is null || profile.Images < thresholds.ProfileImages)
            Cold(measures, thresholds, reasons);
        else
            AgainstProfile(facts, measures, profile, thresholds, reasons);
        if (views is { Count: > 0 } && viewProfile is { IsFixed: true })
            View(views, viewProfile, thresholds, reasons);
        return new QualityVerdict(reasons);
    }

    private static void Cold(ImageMeasures m, QualityThresholds t, List<QualityReason> reasons)
    {
        if (m.BrightnessP99 < t.ColdDarkP99)
            reasons.Add(new("dark", QualityLevel.Flagged, "The picture is dark: 99 % of its pixels are below the limit. Check light and exposure, or accept it if this camera's pictures are so.", "brightness-p99", Text(m.BrightnessP99), t.ColdDarkP99));
        if (m.BrightnessP5 > t.ColdLightP5)
            reasons.Add(new("light", QualityLevel.Flagged, "The picture is washed out: 95 % of its pixels are above the limit. Check light and exposure.", "brightness-p5", Text(m.BrightnessP5), t.ColdLightP5));
        if (m.Entropy < t.MinEntropy)
            reasons.Add(new("low-information", QualityLevel.Flagged, "The picture holds very few brightness levels. Check that it shows the part.", "entropy", Text(m.Entropy), t.MinEntropy));
    }

    private static void AgainstProfile(ImageFacts facts, ImageMeasures measures, CameraProfile profile, QualityThresholds t, List<QualityReason> reasons)
    {
        foreach ((string name, string value) in CameraProfile.FactsOf(facts))
            if (profile.Facts.TryGetValue(name, out IReadOnlyDictionary<string, double>? seen) && seen.GetValueOrDefault(value) < t.FactShare)
                reasons.Add(new("not-like-production", QualityLevel.Flagged, $"The {name} differs from this camera's pictures: {value} instead of {seen.MaxBy(s => s.Value).Key}. If the camera was changed on purpose, accept some pictures and it is learnt.", name, value, null));
        foreach (ProfiledMeasure measure in ProfiledMeasure.All)
        {
            if (!profile.Baselines.TryGetValue(measure.Name, out RobustBaseline? baseline))
                continue;
            double value = measure.Value(measures), deviation = baseline.Deviation(value, measure.Floor);
            bool low = deviation < 0;
            if (!(low ? measure.LowIsBad : measure.HighIsBad) || Math.Abs(deviation) < t.FlagDeviation)
                continue;
            bool reject = measure.CanReject && Math.Abs(deviation) >= t.RejectDeviation;
            reasons.Add(new(low ? measure.LowCode : measure.HighCode, reject ? QualityLevel.Rejected : QualityLevel.Flagged,
                $"Compared with {profile.Images} accepted pictures of this camera: {(low ? measure.Low : measure.High)}.", measure.Name,
                $"{Text(value)} against {Text(baseline.Median)}, {Text(Math.Abs(deviation))} deviations", reject ? t.RejectDeviation : t.FlagDeviation));
        }
    }

    private static void View(IReadOnlyList<ViewComparison> views, ViewProfile profile, QualityThresholds t, List<QualityReason> reasons)
    {
        ViewComparison view = views[^1];
        double limit = profile.VisibleLimit(t);
        if (view.Visible < limit)
            reasons.Add(new("obstructed", QualityLevel.Flagged, $"Only {Percent(view.Visible)} of the reference view's details are found again: something covers the view, or it shows another place.", "view", $"{Text(view.Visible)}, normally {Text(profile.MedianVisible)}", limit));
        else if (profile.HasMoved(views, t))
            reasons.Add(new("moved", QualityLevel.Flagged, $"The view is shifted by {Percent(view.CornerShift)} of the diagonal against the reference, as in the pictures before it. Fix the mount; if it was moved on purpose, accept some pictures and the new view is learnt.", "view", Text(view.CornerShift), profile.ShiftLimit(t)));
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Percent(double value) => (100 * value).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
