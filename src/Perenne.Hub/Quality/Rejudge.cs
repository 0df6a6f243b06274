using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;
using Perenne.Imaging;

namespace Perenne.Hub.Quality;

/// <summary>Judges a project's images again from their recorded measures; nothing is decoded. Overrulings stay. Running twice changes nothing more.</summary>
internal sealed class Rejudge(HubDbContext db, WriteTurn turn, TimeProvider time) : IWorkHandler
{
    private const int PageSize = 200;

    public string Kind => WorkKinds.Rejudge;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        QualityThresholds thresholds = await ProjectJudge.ThresholdsAsync(db, item.SubjectId, cancel);
        Dictionary<Guid, LearntCamera?> profiles = (await db.Set<CameraProfileRow>().AsNoTracking().Where(p => p.ProjectId == item.SubjectId).ToListAsync(cancel))
            .ToDictionary(p => p.Id, LearntCamera.Read);
        for (Guid last = Guid.Empty; ;)
        {
            Guid after = last;
            List<QualityReport> page = await db.Set<QualityReport>().AsNoTracking().Where(r => r.ProjectId == item.SubjectId && r.ImageId > after).OrderBy(r => r.ImageId).Take(PageSize).ToListAsync(cancel);
            if (page.Count == 0)
                return null;
            last = page[^1].ImageId;
            List<(Guid Image, Judgement Next)> changed = [.. page.Select(report => (report, Next: Judge(report, profiles, thresholds)))
                .Where(pair => QualityJson.Write(pair.Next.Verdict.Reasons) != pair.report.Reasons).Select(pair => (pair.report.ImageId, pair.Next))];
            if (changed.Count > 0)
                await turn.RunAsync(db, () => SaveAsync(changed, cancel), cancel);
            db.ChangeTracker.Clear();
        }
    }

    private static Judgement Judge(QualityReport report, Dictionary<Guid, LearntCamera?> profiles, QualityThresholds thresholds)
    {
        RecordedMeasures recorded = QualityJson.Read<RecordedMeasures>(report.Measures);
        LearntCamera? camera = report.ProfileId is { } id ? profiles.GetValueOrDefault(id) : null;
        QualityVerdict verdict = camera is null
            ? QualityJudge.Judge(recorded.Facts, recorded.Measures, null, thresholds)
            : camera.Judge(recorded.Facts, recorded.Measures, recorded.Views, thresholds);
        return new(verdict, report.ProfileId, recorded.Views);
    }

    private async Task SaveAsync(List<(Guid Image, Judgement Next)> changed, CancellationToken cancel)
    {
        foreach ((Guid image, Judgement next) in changed)
        {
            QualityReport report = await db.Set<QualityReport>().SingleAsync(r => r.ImageId == image, cancel);
            (report.Judged, report.Score, report.Reasons, report.JudgedAt) = (next.Quality, next.Score, QualityJson.Write(next.Verdict.Reasons), time.GetUtcNow());
            await ImageVerdicts.SetAsync(db, report, cancel);
        }
    }
}
