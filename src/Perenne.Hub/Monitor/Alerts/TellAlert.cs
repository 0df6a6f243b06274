using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Share.Webhooks;
using Perenne.Hub.Shared.Work;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>Tells of an alert in the transaction that opens or resolves it: to webhooks, and by e-mail to those who may handle it.</summary>
internal sealed class TellAlert(HubDbContext db, Outbox outbox, WorkQueue queue)
{
    public async Task OpenedAsync(Alert alert, CancellationToken cancel)
    {
        await outbox.AddAsync(WebhookEvents.AlertOpened, alert.OrganizationId, alert.ProjectId, Told(alert), cancel);
        await queue.AddAsync(db, alert.OrganizationId, WorkKinds.AlertMail, alert.Id, cancel);
    }

    public Task ResolvedAsync(Alert alert, CancellationToken cancel) => outbox.AddAsync(WebhookEvents.AlertResolved, alert.OrganizationId, alert.ProjectId, Told(alert), cancel);

    private static object Told(Alert alert) => new { AlertId = alert.Id, alert.Kind, alert.Camera, alert.Cause, alert.Since, alert.ReportId, alert.ResolvedBecause };
}

/// <summary>One alert by e-mail, in the background; without a mail server there is nothing to do.</summary>
internal sealed class MailAlert(HubDbContext db, Mailer mailer) : IWorkHandler
{
    public string Kind => WorkKinds.AlertMail;

    public WorkLane Lane => WorkLane.Network;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        Alert? alert = await db.Set<Alert>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == item.SubjectId, cancel);
        if (alert is null || alert.OpenKey is null || alert.State == AlertState.Muted)
            return null;
        string organization = await db.Set<Organization>().Where(o => o.Id == alert.OrganizationId).Select(o => o.Name).SingleAsync(cancel);
        var project = await db.Set<Project>().Where(p => p.Id == alert.ProjectId).Select(p => new { p.Name, p.Slug }).SingleAsync(cancel);
        List<(Role Role, string? Email)> members = [.. (await db.Set<Membership>().Where(m => m.OrganizationId == alert.OrganizationId && (m.ProjectId == null || m.ProjectId == alert.ProjectId) && m.User!.DisabledAt == null)
            .Select(m => new { m.Role, m.User!.Email }).ToListAsync(cancel)).Select(m => (m.Role, m.Email))];
        string where = alert.Camera is null ? organization : $"{organization}, {alert.Camera}";
        string path = $"/projects/{project.Slug}/monitor" + (alert.ReportId is { } report ? $"/reports/{report}" : "");
        foreach (string to in members.Where(m => RightsTable.Allows(m.Role, HubAction.AlertsHandle)).Select(m => m.Email).OfType<string>().Distinct())
            await mailer.SendAsync(to, $"{where}: {Words(alert.Cause)}", $"{Words(alert.Cause)} at {where}, project {project.Name}, since {alert.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC. What was seen, and what to do:", path, cancel);
        return null;
    }

    private static string Words(string cause) => cause switch
    {
        AlertKinds.NoFrames => "The camera is silent",
        AlertKinds.SamePicture => "The camera sends the same picture again and again",
        AlertKinds.FalseAlarms => "Operators report more false alarms",
        AlertKinds.MissedDefects => "Operators report more missed defects",
        AlertKinds.WrongVerdicts => "Audited samples contradict the model",
        nameof(DriftCause.View) => "The camera or the fixture moved",
        nameof(DriftCause.Lighting) => "The light changed",
        nameof(DriftCause.Focus) => "The focus changed",
        nameof(DriftCause.Noise) => "The noise changed",
        nameof(DriftCause.Content) => "Other things are on the pictures",
        nameof(DriftCause.Findings) => "The model finds other things",
        nameof(DriftCause.Quality) => "More pictures are unfit",
        nameof(DriftCause.Upstream) => "The pipeline changed",
        _ => "The picture changed",
    };
}
