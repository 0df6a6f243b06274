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
internal sealed class LearnCameraProfile(HubDbContext db, TimeProvider time) : IWorkHandler
{
    public const int Window = 500;

    public string Kind => WorkKinds.CameraProfile;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        List<string> accepted = await db.Set<QualityReport>().Where(r => r.ProfileId == item.SubjectId)
            .Join(db.Set<Image>(), r => r.ImageId, i => i.Id, (r, i) => new { r.ImageId, r.Measures, i.Quality })
            .Where(row => row.Quality == ImageQuality.Usable).OrderByDescending(row => row.ImageId).Take(Window).Select(row => row.Measures).ToListAsync(cancel);
        CameraProfile profile = CameraProfile.Learn([.. accepted.Select(QualityJson.Read<RecordedMeasures>).Select(m => (m.Facts, m.Measures))]);
        string json = QualityJson.Write(profile);
        DateTimeOffset now = time.GetUtcNow();
        await db.Set<CameraProfileRow>().Where(p => p.Id == item.SubjectId).ExecuteUpdateAsync(set => set
            .SetProperty(p => p.Profile, json).SetProperty(p => p.Images, accepted.Count).SetProperty(p => p.LearntAt, now), cancel);
        return null;
    }
}
