using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Share.Webhooks;

/// <param name="Project">Slug or id; null: events of all projects.</param>
internal sealed record WebhookDraft(string Name, string Url, string[] Events, string? Project = null, bool Enabled = true);

internal sealed record WebhookView(
    Guid Id, string Name, string Url, IReadOnlyList<string> Events, string? Project, bool Enabled, string? DisabledReason, DateTimeOffset? FailingSince, DateTimeOffset CreatedAt);

/// <param name="Secret">Shown only now: what the receiver checks signatures with.</param>
internal sealed record WebhookMade(Guid Id, string Secret);

internal sealed class ManageWebhooks(HubDbContext db, WebhookSecrets secrets, IdSource ids, TimeProvider time, AuditLog audit)
{
    private const int MostOfOrganization = 50;

    public async Task<Result<IReadOnlyList<WebhookView>>> ListAsync(Guid organization, CancellationToken cancel)
    {
        Dictionary<Guid, string> projects = await db.Set<Project>().ToDictionaryAsync(p => p.Id, p => p.Slug, cancel);
        List<Webhook> found = await db.Set<Webhook>().AsNoTracking().Where(w => w.OrganizationId == organization).OrderBy(w => w.Id).ToListAsync(cancel);
        return (Result<IReadOnlyList<WebhookView>>)found.ConvertAll(w => new WebhookView(
            w.Id, w.Name, w.Url, w.Events, w.ProjectId is { } p ? projects.GetValueOrDefault(p) : null, w.IsEnabled, w.DisabledReason, w.FailingSince, w.CreatedAt));
    }

    public async Task<Result<WebhookMade>> CreateAsync(Guid organization, WebhookDraft draft, CancellationToken cancel)
    {
        Result<Guid?> project = await CheckAsync(organization, draft, cancel);
        if (!project.Succeeded)
            return project.Error;
        if (await db.Set<Webhook>().CountAsync(w => w.OrganizationId == organization, cancel) >= MostOfOrganization)
            return HubError.Conflict("too-many-webhooks", $"An organization has at most {MostOfOrganization} webhooks. Remove one that is no longer needed.");
        (string secret, string stored) = secrets.New();
        Webhook hook = new()
        {
            Id = ids.Next(), OrganizationId = organization, ProjectId = project.Value, Name = draft.Name.Trim(), Url = draft.Url.Trim(), Events = [.. draft.Events.Distinct()],
            ProtectedSecret = stored, IsEnabled = draft.Enabled, CreatedAt = time.GetUtcNow(),
        };
        db.Add(hook);
        audit.Record(organization, "webhook.added", hook.Name, after: new { hook.Id, hook.Url, hook.Events });
        await db.SaveChangesAsync(cancel);
        return new WebhookMade(hook.Id, secret);
    }

    /// <summary>Switching it on again begins with a clean slate.</summary>
    public async Task<Result<Done>> EditAsync(Guid organization, Guid id, WebhookDraft draft, CancellationToken cancel)
    {
        Result<Guid?> project = await CheckAsync(organization, draft, cancel);
        if (!project.Succeeded)
            return project.Error;
        Result<Webhook> found = await FindAsync(organization, id, cancel);
        if (!found.Succeeded)
            return found.Error;
        Webhook hook = found.Value;
        audit.Record(organization, "webhook.changed", hook.Name, new { hook.Url, hook.Events, hook.IsEnabled }, new { draft.Url, draft.Events, draft.Enabled });
        (hook.Name, hook.Url, hook.Events, hook.ProjectId, hook.IsEnabled) = (draft.Name.Trim(), draft.Url.Trim(), [.. draft.Events.Distinct()], project.Value, draft.Enabled);
        (hook.DisabledReason, hook.FailingSince, hook.PausedUntil, hook.Failures) = (null, null, null, 0);
        await db.SaveChangesAsync(cancel);
        return new Done();
    }

    /// <summary>The old secret signs nothing from now on.</summary>
    public async Task<Result<WebhookMade>> NewSecretAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Result<Webhook> found = await FindAsync(organization, id, cancel);
        if (!found.Succeeded)
            return found.Error;
        (string secret, found.Value.ProtectedSecret) = secrets.New();
        audit.Record(organization, "webhook.secret-renewed", found.Value.Name);
        await db.SaveChangesAsync(cancel);
        return new WebhookMade(id, secret);
    }

    public async Task<Result<Done>> RemoveAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Result<Webhook> found = await FindAsync(organization, id, cancel);
        if (!found.Succeeded)
            return found.Error;
        db.Remove(found.Value);
        audit.Record(organization, "webhook.removed", found.Value.Name, new { found.Value.Url });
        await db.SaveChangesAsync(cancel);
        return new Done();
    }

    internal async Task<Result<Webhook>> FindAsync(Guid organization, Guid id, CancellationToken cancel) =>
        await db.Set<Webhook>().SingleOrDefaultAsync(w => w.Id == id && w.OrganizationId == organization, cancel) is { } hook ? hook : HubError.NotFound("The webhook");

    private async Task<Result<Guid?>> CheckAsync(Guid organization, WebhookDraft draft, CancellationToken cancel)
    {
        bool sound = Uri.TryCreate(draft.Url?.Trim(), UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http" && url.UserInfo.Length == 0 && url.OriginalString.Length <= 2000;
        string[] unknown = [.. (draft.Events ?? []).Except(WebhookEvents.All)];
        Check check = new Check().Text(draft.Name, "name", "The name", 100)
            .That(sound, "url", "Give the full address, https://… (or http://… inside the plant), without a user name in it.")
            .That(draft.Events is { Length: > 0 }, "events", "Choose at least one event.")
            .That(unknown.Length == 0, "events", $"There is no event '{string.Join("', '", unknown)}'. Choose from {string.Join(", ", WebhookEvents.All)}.");
        if (check.Error is { } wrong)
            return wrong;
        if (string.IsNullOrEmpty(draft.Project))
            return (Guid?)null;
        bool isId = Guid.TryParse(draft.Project, out Guid id);
        Guid? project = await db.Set<ProjectOrganization>().Where(l => l.OrganizationId == organization)
            .Join(db.Set<Project>(), l => l.ProjectId, p => p.Id, (l, p) => new { p.Id, p.Slug }).Where(p => isId ? p.Id == id : p.Slug == draft.Project).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        return project is not null ? project : HubError.Invalid("project", $"The organization has no project '{draft.Project}'.");
    }
}
