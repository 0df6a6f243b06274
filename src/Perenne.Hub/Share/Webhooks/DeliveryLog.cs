using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Webhooks;

internal sealed record DeliveryView(
    Guid Id, string Event, DeliveryState State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? TriedAt, DateTimeOffset? NextAt, int? Status, string? Answer, int Milliseconds, string Body);

internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Deliveries, Guid? Next);

/// <summary>What was sent to a webhook in the last 30 days, newest first; sends again, or sends a trial.</summary>
internal sealed class DeliveryLog(HubDbContext db, ManageWebhooks webhooks, WriteTurn turn, Outbox outbox, WorkQueue queue, IdSource ids)
{
    private const int PageSize = 50;

    public async Task<Result<DeliveryPage>> ListAsync(Guid organization, Guid webhook, Guid? after, DeliveryState? state, CancellationToken cancel)
    {
        Result<Webhook> hook = await webhooks.FindAsync(organization, webhook, cancel);
        if (!hook.Succeeded)
            return hook.Error;
        List<DeliveryView> page = await db.Set<WebhookDelivery>().Where(d => d.WebhookId == webhook && (after == null || d.Id < after) && (state == null || d.State == state))
            .OrderByDescending(d => d.Id).Take(PageSize + 1)
            .Select(d => new DeliveryView(d.Id, d.Event, d.State, d.Attempts, d.CreatedAt, d.TriedAt, d.NextAt, d.Status, d.Answer, d.Milliseconds, d.Body)).ToListAsync(cancel);
        bool more = page.Count > PageSize;
        if (more)
            page.RemoveAt(PageSize);
        return new DeliveryPage(page, more ? page[^1].Id : null);
    }

    /// <summary>The same delivery id again, so that a receiver that has it can tell.</summary>
    public async Task<Result<Done>> SendAgainAsync(Guid organization, Guid webhook, Guid delivery, CancellationToken cancel)
    {
        Result<Webhook> hook = await webhooks.FindAsync(organization, webhook, cancel);
        if (!hook.Succeeded)
            return hook.Error;
        if (!hook.Value.IsEnabled)
            return HubError.Conflict("webhook-off", "The webhook is switched off. Switch it on first.");
        int found = 0;
        await turn.RunAsync(db, async () =>
        {
            found = await db.Set<WebhookDelivery>().Where(d => d.Id == delivery && d.WebhookId == webhook)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeliveryState.Waiting).SetProperty(d => d.Attempts, 0), cancel);
            // Its item waits for the end of the log's time: a new one is due now.
            await db.Set<WorkItem>().Where(w => w.Kind == WorkKinds.WebhookDelivery && w.SubjectId == delivery).ExecuteDeleteAsync(cancel);
            if (found == 1)
                await queue.AddAsync(db, organization, WorkKinds.WebhookDelivery, delivery, cancel);
            await db.Set<Webhook>().Where(w => w.Id == webhook).ExecuteUpdateAsync(set => set.SetProperty(w => w.PausedUntil, (DateTimeOffset?)null), cancel);
        }, cancel);
        return found == 1 ? new Done() : HubError.NotFound("The delivery");
    }

    public async Task<Result<Guid>> PingAsync(Guid organization, Guid webhook, CancellationToken cancel)
    {
        Result<Webhook> hook = await webhooks.FindAsync(organization, webhook, cancel);
        if (!hook.Succeeded)
            return hook.Error;
        if (!hook.Value.IsEnabled)
            return HubError.Conflict("webhook-off", "The webhook is switched off. Switch it on first.");
        Guid delivery = default;
        await turn.RunAsync(db, async () => delivery = await outbox.AddAsync(hook.Value, WebhookEvents.Ping, ids.Next(), hook.Value.ProjectId, new { Message = "It works." }, cancel), cancel);
        return delivery;
    }
}
