using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>Judges by the project's thresholds and the camera's profile as they stand.</summary>
internal sealed class ProjectJudge(HubDbContext db, IdSource ids)
{
    public async Task<Judgement> JudgeAsync(IntakeTarget target, string? camera, ImageFacts facts, ImageMeasures measures, CancellationToken cancel)
    {
        QualityThresholds thresholds = await ThresholdsAsync(db, target.ProjectId, cancel);
        if (string.IsNullOrEmpty(camera))
            return new(QualityJudge.Judge(facts, measures, null, thresholds), null);
        CameraProfileRow row = await ProfileAsync(target.ProjectId, target.OrganizationId, camera, cancel);
        return new(QualityJudge.Judge(facts, measures, Read(row), thresholds), row.Id);
    }

    public static async Task<QualityThresholds> ThresholdsAsync(HubDbContext db, Guid project, CancellationToken cancel) =>
        await db.Set<QualitySettings>().AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == project, cancel) is { } settings
            ? QualityJson.Read<QualityThresholds>(settings.Thresholds) : QualityThresholds.Default;

    public static CameraProfile? Read(CameraProfileRow? row) => row?.Profile is { } json ? QualityJson.Read<CameraProfile>(json) : null;

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
