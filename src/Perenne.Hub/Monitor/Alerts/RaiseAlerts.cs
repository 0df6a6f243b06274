using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>Opens an alert, keeps one up to date, resolves one that is over; tells the world. Runs in the caller's transaction.</summary>
internal sealed class RaiseAlerts(HubDbContext db, AuditLog audit, TellAlert tell, IdSource ids, TimeProvider time)
{
    public const string Recovered = "recovered";

    /// <returns>Whether an alert was opened.</returns>
    public async Task<bool> OpenAsync(AlertNews news, CancellationToken cancel)
    {
        if (await StandingAsync(news.OrganizationId, news.ProjectId, news.Key, cancel) is { } standing)
        {
            (standing.Cause, standing.LastSeenAt, standing.ReportId) = (news.Cause, news.SeenAt, news.ReportId ?? standing.ReportId);
            await db.SaveChangesAsync(cancel);
            return false;
        }

        Alert alert = new()
        {
            Id = ids.Next(), OrganizationId = news.OrganizationId, ProjectId = news.ProjectId, OpenKey = news.Key, Kind = news.Kind, Camera = news.Camera, Cause = news.Cause,
            Since = news.Since, OpenedAt = time.GetUtcNow(), LastSeenAt = news.SeenAt, ReportId = news.ReportId,
        };
        db.Add(alert);
        audit.Record(news.OrganizationId, "alert.opened", $"{news.Camera}: {news.Cause}");
        await db.SaveChangesAsync(cancel);
        await tell.OpenedAsync(alert, cancel);
        return true;
    }

    public async Task RecoverAsync(Guid organization, Guid project, string key, CancellationToken cancel, string because = Recovered)
    {
        if (await StandingAsync(organization, project, key, cancel) is not { } standing)
            return;
        (standing.State, standing.OpenKey, standing.ResolvedAt, standing.ResolvedBecause) = (AlertState.Resolved, null, time.GetUtcNow(), because);
        audit.Record(organization, "alert.recovered", $"{standing.Camera}: {standing.Cause}");
        await db.SaveChangesAsync(cancel);
        await tell.ResolvedAsync(standing, cancel);
    }

    /// <summary>What a drift report means.</summary>
    /// <returns>Whether an alert was opened.</returns>
    public async Task<bool> AfterAsync(DriftReport report, CancellationToken cancel)
    {
        AlertNews news = new(report.OrganizationId, report.ProjectId, AlertKinds.Drift, report.Camera, report.Cause?.ToString() ?? "", report.Since ?? report.CurrentFrom, report.CurrentTo, report.Id);
        if (report.Cause is null)
        {
            if (await IsOverAsync(report, cancel))
                await RecoverAsync(report.OrganizationId, report.ProjectId, news.Key, cancel);
            return false;
        }

        return (report.IsAlarm || await StandingAsync(report.OrganizationId, report.ProjectId, news.Key, cancel) is not null) && await OpenAsync(news, cancel);
    }

    private Task<Alert?> StandingAsync(Guid organization, Guid project, string key, CancellationToken cancel) =>
        db.Set<Alert>().SingleOrDefaultAsync(a => a.ProjectId == project && a.OrganizationId == organization && a.OpenKey == key, cancel);

    // As many quiet rounds as the rule looks back on: none of them can help to raise the next alarm.
    private async Task<bool> IsOverAsync(DriftReport report, CancellationToken cancel)
    {
        int windows = DriftRules.Persistence.Windows;
        List<bool> quiet = await db.Set<DriftReport>().Where(r => r.ReferenceId == report.ReferenceId).OrderByDescending(r => r.CurrentTo).Take(windows).Select(r => r.Cause == null).ToListAsync(cancel);
        return quiet.Count == windows && quiet.TrueForAll(q => q);
    }
}
