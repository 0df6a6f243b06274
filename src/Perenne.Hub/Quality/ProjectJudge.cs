using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>Judges by the project's thresholds and the camera's profile as they stand.</summary>
internal sealed class ProjectJudge(HubDbContext db, DecodeSlots slots, IdSource ids)
{
    public async Task<Judgement> JudgeAsync(IntakeTarget target, string? camera, Inspection seen, CancellationToken cancel)
    {
        QualityThresholds thresholds = await ThresholdsAsync(db, target.ProjectId, cancel);
        if (string.IsNullOrEmpty(camera))
            return new(QualityJudge.Judge(seen.Facts, seen.Measures, null, thresholds), null);
        CameraProfileRow row = await ProfileAsync(target.ProjectId, target.OrganizationId, camera, cancel);
        if (LearntCamera.Read(row) is not { } learnt)
            return new(QualityJudge.Judge(seen.Facts, seen.Measures, null, thresholds), row.Id);
        RecordedViews? views = learnt.FixedView is { } view ? await CompareAsync(row.Id, view, seen, thresholds, cancel) : null;
        return new(learnt.Judge(seen.Facts, seen.Measures, views, thresholds), row.Id, views);
    }

    /// <summary>Beside the reference view; the two images before are looked up only for a shifted one, because only a row of three is a movement.</summary>
    private async Task<RecordedViews?> CompareAsync(Guid profile, LearntView view, Inspection seen, QualityThresholds thresholds, CancellationToken cancel)
    {
        ViewComparison? comparison = await slots.RunAsync(1, () => ViewMatcher.Compare(ViewReference.FromBytes(view.Reference), ViewReference.Of(seen.Reduced)), cancel);
        if (comparison is null)
            return null;
        if (!(comparison.CornerShift > thresholds.MaxShift))
            return new(view.Number, [comparison]);
        List<string> before = await db.Set<QualityReport>().AsNoTracking().Where(r => r.ProfileId == profile).OrderByDescending(r => r.ImageId).Take(2).Select(r => r.Measures).ToListAsync(cancel);
        IEnumerable<ViewComparison> latest = before.Select(json => QualityJson.Read<RecordedMeasures>(json).Views).OfType<RecordedViews>().Where(v => v.Reference == view.Number).Select(v => v.Latest[^1]);
        return new(view.Number, [.. latest.Reverse(), comparison]);
    }

    public static async Task<QualityThresholds> ThresholdsAsync(HubDbContext db, Guid project, CancellationToken cancel) =>
        await db.Set<QualitySettings>().AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == project, cancel) is { } settings
            ? QualityJson.Read<QualityThresholds>(settings.Thresholds) : QualityThresholds.Default;

    /// <summary>The camera's row, made at its first image; two first images at once make one row.</summary>
    private async Task<CameraProfileRow> ProfileAsync(Guid project, Guid organization, string camera, CancellationToken cancel)
    {
        IQueryable<CameraProfileRow> rows = db.Set<CameraProfileRow>().AsNoTracking().Where(p => p.ProjectId == project && p.OrganizationId == organization && p.Camera == camera);
        if (await rows.SingleOrDefaultAsync(cancel) is { } known)
            return known;
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO camera_profiles (id, organization_id, project_id, camera, images) VALUES ({ids.Next()}, {organization}, {project}, {camera}, 0)
            ON CONFLICT (project_id, organization_id, camera) DO NOTHING
            """, cancel);
        return await rows.SingleAsync(cancel);
    }
}
