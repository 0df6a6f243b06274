using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>What other parts of the loop act on.</summary>
internal static class StandingAlertQuery
{
    /// <summary>Alerts of one organization that stand and are about what production shows: neither those that are muted still, nor a silent camera.</summary>
    public static IQueryable<Alert> StandingAlerts(this HubDbContext db, Guid organization, Guid project, DateTimeOffset now) => db.Set<Alert>()
        .Where(a => a.OrganizationId == organization && a.ProjectId == project && a.OpenKey != null && a.Kind != AlertKinds.Silent && (a.State != AlertState.Muted || a.MutedUntil <= now));
}
