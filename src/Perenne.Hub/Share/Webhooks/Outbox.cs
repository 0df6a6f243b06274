using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Webhooks;

/// <summary>Writes deliveries inside the caller's transaction: an event is sent if and only if its fact was committed.</summary>
internal sealed class Outbox(HubDbContext db, WorkQueue queue, IdSource ids, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Never part of a page.
    };

    public async Task AddAsync(string name, Guid organization, Guid project, object data, CancellationToken cancel)
    {
        List<Webhook> hooks = await db.Set<Webhook>().AsNoTracking()
            .Where(w => w.OrganizationId == organization && w.IsEnabled && (w.ProjectId == null || w.ProjectId == project)).ToListAsync(cancel);
        hooks.RemoveAll(w => !w.Events.Contains(name));
        if (hooks.Count == 0)
            return;
        Guid id = ids.Next();
        foreach (Webhook hook in hooks)
            await AddAsync(hook, name, id, project, data, cancel);
    }

    /// <returns>The delivery.</returns>
    public async Task<Guid> AddAsync(Webhook hook, string name, Guid eventId, Guid? project, object data, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        WebhookDelivery delivery = new()
        {
            Id = ids.Next(), OrganizationId = hook.OrganizationId, WebhookId = hook.Id, Event = name, CreatedAt = now, NextAt = now,
            Body = JsonSerializer.Serialize(new { Id = eventId, Event = name, At = now, OrganizationId = hook.OrganizationId, ProjectId = project, Data = data }, Json),
        };
        db.Add(delivery);
        await db.SaveChangesAsync(cancel);
        await queue.AddAsync(db, hook.OrganizationId, WorkKinds.WebhookDelivery, delivery.Id, cancel);
        return delivery.Id;
    }
}
