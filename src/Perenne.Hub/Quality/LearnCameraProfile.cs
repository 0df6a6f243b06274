using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>
/// Learns a camera's profile from its newest accepted images (usable, or overruled to usable). A window instead of running sums: robust
/// figures do not add up, and a slow, accepted change of the line may move the profile.
/// </summary>
internal sealed class LearnCameraProfile(HubDbContext db, CameraViews views, TimeProvider time) : IWorkHandler
{
    public const int Window = 500;

    /// <summary>Larger pictures do not teach a view: two dozen of them would be decoded for it.</summary>
    private const long MaxViewPixels = 64 << 20;

    public string Kind => WorkKinds.CameraProfile;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        if (await db.Set<CameraProfileRow>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == item.SubjectId, cancel) is not { } row)
            return null;
        var accepted = await db.Set<QualityReport>().Where(r => r.ProfileId == item.SubjectId)
            .Join(db.Set<Image>(), r => r.ImageId, i => i.Id, (r, i) => new { r.ImageId, r.Measures, i.Quality, i.OrganizationId, i.ContentHash })
            .Where(image => image.Quality == ImageQuality.Usable).OrderByDescending(image => image.ImageId).Take(Window).ToListAsync(cancel);
        RecordedMeasures[] recorded = [.. accepted.Select(image => QualityJson.Read<RecordedMeasures>(image.Measures))];
        List<AcceptedView> newest = [.. accepted.Zip(recorded).Where(pair => pair.Second.Facts.Pixels <= MaxViewPixels)
            .Select(pair => new AcceptedView(pair.First.OrganizationId, pair.First.ContentHash, pair.Second.Views))];
        QualityThresholds thresholds = await ProjectJudge.ThresholdsAsync(db, row.ProjectId, cancel);
        LearntView? view = await views.LearnAsync(LearntCamera.Read(row)?.View, newest, accepted.Count, thresholds, cancel);
        string json = QualityJson.Write(new LearntCamera(CameraProfile.Learn([.. recorded.Select(m => (m.Facts, m.Measures))]), view));
        DateTimeOffset now = time.GetUtcNow();
        await db.Set<CameraProfileRow>().Where(p => p.Id == item.SubjectId).ExecuteUpdateAsync(set => set
            .SetProperty(p => p.Profile, json).SetProperty(p => p.Images, accepted.Count).SetProperty(p => p.LearntAt, now), cancel);
        return null;
    }
}
