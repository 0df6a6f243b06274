using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Webhooks;

/// <summary>
/// One delivery in the background: sent until it is answered with 2xx, eight times over most of a day. A receiver that is down slows down all its
/// deliveries together; one that has failed for a whole day is switched off.
/// </summary>
internal sealed class DeliverWebhook(HubDbContext db, WebhookSender sender, WebhookSecrets secrets, TimeProvider time) : IWorkHandler
{
    private const int Gone = 410;

    /// <summary>After the first, second … failed attempt.</summary>
    public static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12)];

    public static readonly TimeSpan FailsBeforeDisabling = TimeSpan.FromHours(24), LogKept = TimeSpan.FromDays(30);

    public string Kind => WorkKinds.WebhookDelivery;

    public WorkLane Lane => WorkLane.Network;

    public async Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel)
    {
        WebhookDelivery? delivery = await db.Set<WebhookDelivery>().SingleOrDefaultAsync(d => d.Id == item.SubjectId, cancel);
        if (delivery is null)
            return null;
        DateTimeOffset now = time.GetUtcNow();
        if (delivery.State != DeliveryState.Waiting)
            return await ForgetAsync(delivery, now, cancel);
        Webhook hook = await db.Set<Webhook>().AsNoTracking().SingleAsync(w => w.Id == delivery.WebhookId, cancel);
        if (!hook.IsEnabled)
            return await EndAsync(delivery, DeliveryState.GivenUp, "The webhook was switched off before this was delivered. Send it again once it is on.", cancel);
        if (hook.PausedUntil > now && hook.Failures > 3)
            return hook.PausedUntil - now; // Others have found it down; this one does not spend an attempt on it.

        SendOutcome outcome = await AttemptAsync(hook, delivery, now, cancel);
        await NoteAsync(hook, outcome, now, cancel);
        if (outcome.Succeeded)
            return await EndAsync(delivery, DeliveryState.Delivered, outcome.Answer, cancel);
        if (delivery.Attempts > Pauses.Length || outcome.Status == Gone)
            return await EndAsync(delivery, DeliveryState.GivenUp, outcome.Answer, cancel);
        TimeSpan pause = Pauses[delivery.Attempts - 1];
        (delivery.Answer, delivery.NextAt) = (Kept(outcome.Answer), now + pause);
        await db.SaveChangesAsync(cancel);
        return pause;
    }

    private async Task<SendOutcome> AttemptAsync(Webhook hook, WebhookDelivery delivery, DateTimeOffset now, CancellationToken cancel)
    {
        Dictionary<string, string> headers = new()
        {
            [WebhookSecrets.Header] = secrets.Sign(hook, now.ToUnixTimeSeconds(), delivery.Body),
            ["Perenne-Event"] = delivery.Event,
            ["Perenne-Delivery"] = delivery.Id.ToString(),
        };
        long from = Stopwatch.GetTimestamp();
        SendOutcome outcome = await sender.SendAsync(hook.Url, delivery.Body, headers, cancel);
        delivery.Attempts++;
        (delivery.TriedAt, delivery.Status, delivery.Milliseconds) = (now, outcome.Status, (int)Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        return outcome;
    }

    // Counted for the webhook as a whole; two deliveries at once may count one failure twice, which only lengthens a pause.
    private async Task NoteAsync(Webhook hook, SendOutcome outcome, DateTimeOffset now, CancellationToken cancel)
    {
        IQueryable<Webhook> row = db.Set<Webhook>().Where(w => w.Id == hook.Id);
        if (outcome.Succeeded)
        {
            if (hook.FailingSince is not null)
                await row.ExecuteUpdateAsync(set => set.SetProperty(w => w.FailingSince, (DateTimeOffset?)null).SetProperty(w => w.PausedUntil, (DateTimeOffset?)null).SetProperty(w => w.Failures, 0), cancel);
            return;
        }

        int failures = hook.Failures + 1;
        DateTimeOffset since = hook.FailingSince ?? now;
        DateTimeOffset? until = now + TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, failures)));
        string? reason = outcome.Status == Gone ? "It answered 410: it wants no more events."
            : now - since >= FailsBeforeDisabling ? "Every delivery failed for a day. Last: " + outcome.Answer : null;
        string? kept = reason is { Length: > 500 } ? reason[..500] : reason;
        bool enabled = reason is null;
        await row.ExecuteUpdateAsync(set => set.SetProperty(w => w.Failures, failures).SetProperty(w => w.FailingSince, since).SetProperty(w => w.PausedUntil, until)
            .SetProperty(w => w.IsEnabled, w => w.IsEnabled && enabled).SetProperty(w => w.DisabledReason, w => enabled ? w.DisabledReason : kept), cancel);
    }

    private async Task<TimeSpan?> EndAsync(WebhookDelivery delivery, DeliveryState state, string answer, CancellationToken cancel)
    {
        (delivery.State, delivery.Answer, delivery.NextAt) = (state, Kept(answer), null);
        await db.SaveChangesAsync(cancel);
        return LogKept;
    }

    private async Task<TimeSpan?> ForgetAsync(WebhookDelivery delivery, DateTimeOffset now, CancellationToken cancel)
    {
        if ((delivery.TriedAt ?? delivery.CreatedAt) + LogKept is { } until && until > now)
            return until - now;
        db.Remove(delivery);
        await db.SaveChangesAsync(cancel);
        return null;
    }

    private static string Kept(string answer) => answer.Length > 1000 ? answer[..1000] : answer;
}
