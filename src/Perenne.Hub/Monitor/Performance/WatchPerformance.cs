using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Automate;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>
/// Concept drift: the model errs more than in its beginning, as far as people say so. Three sequential watches per organization and deciding version,
/// on operators' objections and on annotated random samples; nothing here looks at a picture.
/// </summary>
internal sealed class WatchPerformance(HubDbContext db, WriteTurn turn, ReadAudits audits, RaiseAlerts alerts, IdSource ids, TimeProvider time)
{
    private const int Tests = 3;

    /// <returns>Alerts opened.</returns>
    public async Task<int> CheckAsync(Guid organization, Guid project, IReadOnlyList<SeenCamera> cameras, DriftRules rules, DateTimeOffset newest, CancellationToken cancel)
    {
        if (cameras.Where(c => c.ModelVersionId is not null).MaxBy(c => c.LastAt)?.ModelVersionId is not { } model)
            return 0;
        PerformanceLook look = await LookAsync(organization, project, model, newest, rules.Policy, cancel);
        int opened = 0;
        bool written = await turn.TryAsync(db, async () =>
        {
            opened = 0;
            PerformanceLook? last = await db.Set<PerformanceLook>().AsNoTracking().Where(l => l.OrganizationId == organization && l.ProjectId == project && l.ModelVersionId == model).OrderByDescending(l => l.At).FirstOrDefaultAsync(cancel);
            if (last is null || Counted(last) != Counted(look))
            {
                db.Add(look);
                await db.SaveChangesAsync(cancel);
            }

            foreach ((string kind, string cause, RateWatch watch) in (IEnumerable<(string, string, RateWatch)>)
                [(AlertKinds.Feedback, AlertKinds.FalseAlarms, look.FalseAlarms), (AlertKinds.Feedback, AlertKinds.MissedDefects, look.MissedDefects), (AlertKinds.Audit, AlertKinds.WrongVerdicts, look.Audits)])
            {
                AlertNews news = new(organization, project, kind, null, cause, watch.Since ?? look.At, look.At);
                if (watch.IsAlarm)
                    opened += await alerts.OpenAsync(news, cancel) ? 1 : 0;
                else
                    await alerts.RecoverAsync(organization, project, news.Key, cancel); // Another version decides now.
            }
        }, cancel);
        return written ? opened : 0;
    }

    private async Task<PerformanceLook> LookAsync(Guid organization, Guid project, Guid model, DateTimeOffset newest, MonitorPolicy policy, CancellationToken cancel)
    {
        double days = policy.Days * Tests / (policy.FalseAlarms * DriftRules.FeedbackShare);
        var segments = await db.Set<SegmentFigure>().Where(f => f.OrganizationId == organization && f.ProjectId == project && f.ModelVersionId == model && f.Role != "shadow")
            .Join(db.Set<Segment>(), f => f.SegmentId, s => s.Id, (f, s) => new { s.Id, s.FirstAt, f.Frames, f.NotOk, f.CannotJudge }).GroupBy(f => new { f.Id, f.FirstAt }).OrderBy(g => g.Key.FirstAt)
            .Select(g => new { At = g.Key.FirstAt, Rejected = g.Sum(f => f.NotOk), Passed = g.Sum(f => f.Frames - f.NotOk - f.CannotJudge) }).ToListAsync(cancel);
        var said = await db.Set<Objection>().Where(o => o.OrganizationId == organization && o.ProjectId == project && o.ModelVersionId == model).Select(o => new { o.At, o.Kind }).ToListAsync(cancel);
        List<AuditedSample> samples = await audits.HandleAsync(organization, project, model, segments[0].At, newest, cancel);
        long Hits(FeedbackKind kind, DateTimeOffset from, DateTimeOffset to) => said.Count(o => o.Kind == kind && o.At >= from && o.At < to);
        List<RateStep> rejected = [], passed = [];
        for (int i = 0; i < segments.Count; i++)
        {
            // What is said in the night belongs to the last segment before it.
            DateTimeOffset from = segments[i].At, to = i + 1 < segments.Count ? segments[i + 1].At : DateTimeOffset.MaxValue;
            rejected.Add(new(from, segments[i].Rejected, Hits(FeedbackKind.FalseAlarm, from, to)));
            passed.Add(new(from, segments[i].Passed, Hits(FeedbackKind.MissedDefect, from, to)));
        }

        return new()
        {
            Id = ids.Next(), OrganizationId = organization, ProjectId = project, ModelVersionId = model, At = segments[^1].At, MadeAt = time.GetUtcNow(),
            FalseAlarms = RateWatch.Of(rejected, policy.Beginning / 5, days, await RestartAsync(organization, project, AlertKinds.FalseAlarms, cancel)),
            MissedDefects = RateWatch.Of(passed, policy.Beginning, days, await RestartAsync(organization, project, AlertKinds.MissedDefects, cancel)),
            Audits = RateWatch.Of(samples.Select(s => new RateStep(s.At, 1, s.IsWrong ? 1 : 0)), policy.Beginning / 20, days, await RestartAsync(organization, project, AlertKinds.WrongVerdicts, cancel)),
            Table = new(samples.Count(s => s is { IsDefective: true, IsRejected: true }), samples.Count(s => s is { IsDefective: true, IsRejected: false }),
                samples.Count(s => s is { IsDefective: false, IsRejected: true }), samples.Count(s => s is { IsDefective: false, IsRejected: false })),
        };
    }

    private Task<DateTimeOffset?> RestartAsync(Guid organization, Guid project, string cause, CancellationToken cancel) => db.Set<Alert>()
        .Where(a => a.OrganizationId == organization && a.ProjectId == project && a.Cause == cause && a.ResolvedAt != null).MaxAsync(a => (DateTimeOffset?)a.LastSeenAt, cancel);

    private static (long, long, long, long, long, long) Counted(PerformanceLook l) => (l.FalseAlarms.Trials, l.FalseAlarms.Hits, l.MissedDefects.Trials, l.MissedDefects.Hits, l.Audits.Trials, l.Audits.Hits);
}
