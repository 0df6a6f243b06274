using System.Text.Json;
using Perenne.Contracts;
using Perenne.Imaging;
using Perenne.Station.Spool;

namespace Perenne.Station.Judge;

/// <summary>What one camera's frames normally look like, learnt from those that passed and kept over restarts, so that blur, dark and a covered view are judged against the camera itself.</summary>
internal sealed class CameraMemory
{
    private const int Window = 300, LearnEvery = 50;
    private readonly string path;
    private readonly Lock gate = new();
    private readonly Queue<(ImageFacts, ImageMeasures)> accepted = new();
    private volatile ViewMemory views;
    private RememberedCamera remembered;
    private int since;

    public CameraMemory(string path)
    {
        this.path = path;
        remembered = Read(path);
        try
        {
            views = new ViewMemory(remembered.Views, Keep);
        }
        catch (InvalidDataException)
        {
            views = new ViewMemory([], Keep);
        }
    }

    /// <param name="Views">None: not known yet, or not fixed.</param>
    /// <param name="Profile">Null: not known yet.</param>
    /// <param name="Change">The newest change of the line that was taken into account.</param>
    private sealed record RememberedCamera(IReadOnlyList<KnownView> Views, CameraProfile? Profile = null, DateTimeOffset? Change = null);

    /// <summary>Codes that make a frame unfit. What is only unusual (another size, compression) is reported upstream and still judged.</summary>
    private static readonly HashSet<string> Unfit = ["obstructed", "blurred", "dark", "light", "low-information", "too-small"];

    /// <summary>Those among them that are found by comparison with what was learnt, and vanish when it is learnt anew.</summary>
    public static bool IsLearnt(string? code) => code is "obstructed" or "blurred" or "dark" or "light";

    /// <summary>The reason why a frame cannot be judged, or null; and how it lies to the view it is most like, where the camera has one.</summary>
    public (QualityReason? Unusable, ViewComparison? View) Look(Inspection inspection)
    {
        CameraProfile? profile = remembered.Profile;
        (ViewComparison Comparison, ViewProfile Normal)? view = views.Compare(inspection.Reduced);
        QualityReason? reason = QualityJudge.Judge(inspection.Facts, inspection.Measures, profile, QualityThresholds.Default, view is { } seen ? [seen.Comparison] : null, view?.Normal).Reasons
            .Where(r => r.Level == QualityLevel.Rejected || Unfit.Contains(r.Code)).OrderByDescending(r => r.Level).FirstOrDefault();
        // Until the camera is known, limits for all cameras hold. A camera whose pictures are normally white would be refused for ever if what they only
        // suspect taught nothing; what no camera may deliver teaches never.
        bool known = profile is not null && profile.Images >= QualityThresholds.Default.ProfileImages;
        if (reason is null || (!known && reason.Level != QualityLevel.Rejected))
            Learn(inspection);
        return (reason, view?.Comparison);
    }

    /// <summary>People say that the camera's pictures are as they should be: how they look is learnt from the next frames; views known so far stay known.</summary>
    public void LearnAnew()
    {
        lock (gate)
        {
            Forget(remembered with { Profile = null });
            views.LearnAnother();
        }
    }

    /// <summary>The line was changed (another lamp, another product): nothing that was learnt before holds. Each change counts once.</summary>
    public void Follow(DateTimeOffset change)
    {
        if (remembered.Change >= change)
            return;
        lock (gate)
        {
            if (remembered.Change >= change)
                return;
            Forget(new([], Change: change));
            views = new ViewMemory([], Keep);
        }
    }

    private void Forget(RememberedCamera but)
    {
        accepted.Clear();
        since = 0;
        Remember(but);
    }

    private void Keep(ViewMemory from, IReadOnlyList<KnownView> known)
    {
        lock (gate)
        {
            // What was still being learnt when the line changed does not hold.
            if (from == views)
                Remember(remembered with { Views = known });
        }
    }

    private void Learn(Inspection inspection)
    {
        views.Teach(inspection.Reduced);
        lock (gate)
        {
            accepted.Enqueue((inspection.Facts, inspection.Measures));
            if (accepted.Count > Window)
                accepted.Dequeue();
            if (++since < (remembered.Profile is null ? QualityThresholds.Default.ProfileImages : LearnEvery))
                return;
            since = 0;
            Remember(remembered with { Profile = CameraProfile.Learn([.. accepted]) });
        }
    }

    private void Remember(RememberedCamera now)
    {
        remembered = now;
        try
        {
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(now, ContractJson.Options));
        }
        catch (IOException)
        {
            // It is learnt again from the next frames.
        }
    }

    private static RememberedCamera Read(string path)
    {
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize<RememberedCamera>(File.ReadAllBytes(path), ContractJson.Options) is { Views: not null } kept)
                return kept;
        }
        catch (JsonException)
        {
            // Of an older version, or damaged: learnt again from the next frames.
        }

        return new([]);
    }
}
