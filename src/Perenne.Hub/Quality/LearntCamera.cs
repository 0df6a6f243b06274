using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>What is stored of a camera: its baselines and facts, and its reference view where it was looked for.</summary>
internal sealed record LearntCamera(CameraProfile Profile, LearntView? View = null)
{
    public static LearntCamera? Read(CameraProfileRow? row) => row?.Profile is { } json ? QualityJson.Read<LearntCamera>(json) : null;

    /// <summary>Null unless the camera has a fixed view that new images can be compared with.</summary>
    public LearntView? FixedView => View is { Profile.IsFixed: true } ? View : null;

    /// <summary>What was recorded counts only against the reference it was recorded against.</summary>
    public QualityVerdict Judge(ImageFacts facts, ImageMeasures measures, RecordedViews? views, QualityThresholds thresholds) =>
        QualityJudge.Judge(facts, measures, Profile, thresholds, views is not null && views.Reference == View?.Number ? views.Latest : null, View?.Profile);
}

/// <param name="Number">Goes up with every new reference.</param>
/// <param name="TriedAt">Accepted images there were when it was learnt.</param>
/// <param name="Reference">Empty where no picture finds the others' details again: the camera's view is not fixed.</param>
internal sealed record LearntView(int Number, int TriedAt, byte[] Reference, ViewProfile Profile);
