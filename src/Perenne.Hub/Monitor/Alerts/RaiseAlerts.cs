using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>What a drift report means for the alerts: opens one, keeps one up to date, closes one that is over. Runs in the report's transaction.</summary>
internal sealed class RaiseAlerts(HubDbContext db, AuditLog audit, IdSource ids, TimeProvider time)
{
    public const string Drift = "drift", Recovered = "recovered";

    /// <returns>Whether an alert was opened.</returns>
    public async Task<bool> AfterAsync(DriftReport report, CancellationToken cancel)
    {
        string key = $"{Drift}/{report.Camera}";
        Alert? open = await db.Set<Alert>().SingleOrDefaultAsync(a => a.ProjectId == report.ProjectId && a.OrganizationId == report.OrganizationId && a.OpenKey == key, cancel);
        bool opens = open is null && report.IsAlarm;
        if (opens)
        {
            db.Add(new Alert
            {
                Id = ids.Next(), OrganizationId = report.OrganizationId, ProjectId = report.ProjectId, OpenKey = key, Kind = Drift, Camera = report.Camera, Cause = report.Cause!.Value.ToString(),
                Since = report.Since ?? report.CurrentFrom, OpenedAt = time.GetUtcNow(), LastSeenAt = report.CurrentTo, ReportId = report.Id,
            });
            audit.Record(report.OrganizationId, "alert.opened", $"{report.Camera}: {report.Cause}");
        }
        else if (open is not null && report.Cause is { } cause)
            (open.Cause, open.LastSeenAt, open.ReportId) = (cause.ToString(), report.CurrentTo, report.Id);
        else if (open is not null && await IsOverAsync(report, cancel))
        {
            (open.State, open.OpenKey, open.ClosedAt, open.ClosedBecause) = (AlertState.Closed, null, time.GetUtcNow(), Recovered);
            audit.Record(report.OrganizationId, "alert.recovered", report.Camera);
        }

        await db.SaveChangesAsync(cancel);
        return opens;
    }

    // As many quiet rounds as the rule looks back on: none of them can help to raise the next alarm.
    private async Task<bool> IsOverAsync(DriftReport report, CancellationToken cancel)
    {
        int windows = DriftRules.Persistence.Windows;
        List<bool> quiet = await db.Set<DriftReport>().Where(r => r.ReferenceId == report.ReferenceId).OrderByDescending(r => r.CurrentTo).Take(windows).Select(r => r.Cause == null).ToListAsync(cancel);
        return quiet.Count == windows && quiet.TrueForAll(q => q);
    }
}
