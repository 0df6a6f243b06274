using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>
/// A drift alert says that production is not what it was when the deciding model came. It is over when a model decides there that was trained since, or
/// when somebody called the change the new normal: the camera is compared with its new beginning, so that nothing could ever close it otherwise.
/// </summary>
internal sealed class OutdatedAlerts(HubDbContext db, WriteTurn turn, RaiseAlerts alerts)
{
    public const string Retrained = "retrained", NewNormal = "new-normal";

    /// <param name="current">The reference of each camera as of now.</param>
    public async Task CloseAsync(Guid organization, Guid project, IReadOnlyList<DriftReference> current, CancellationToken cancel)
    {
        List<Alert> standing = await db.Set<Alert>().AsNoTracking()
            .Where(a => a.OrganizationId == organization && a.ProjectId == project && a.OpenKey != null && a.Kind == AlertKinds.Drift && a.ReportId != null).ToListAsync(cancel);
        foreach (Alert alert in standing)
        {
            if (current.FirstOrDefault(r => r.Camera == alert.Camera && r.From > alert.Since) is { } reference && await BecauseAsync(alert, reference, cancel) is { } because)
                await turn.TryAsync(db, () => alerts.RecoverAsync(organization, project, alert.OpenKey!, cancel, because), cancel);
        }
    }

    private async Task<string?> BecauseAsync(Alert alert, DriftReference reference, CancellationToken cancel)
    {
        if (await db.Set<DriftReport>().AnyAsync(r => r.Id == alert.ReportId && r.ReferenceId == reference.Id, cancel))
            return null;
        if (await db.Set<ModelVersion>().AnyAsync(m => m.Id == reference.ModelVersionId && m.CreatedAt > alert.OpenedAt, cancel))
            return Retrained;
        return await db.Set<LineChange>().AnyAsync(c => c.OrganizationId == alert.OrganizationId && c.ProjectId == alert.ProjectId && c.IsNewNormal && c.At >= alert.Since && (c.Camera == null || c.Camera == alert.Camera), cancel)
            ? NewNormal : null;
    }
}
