using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Webhooks;

internal static class WebhookEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder hooks = (RouteGroupBuilder)routes.MapGroup("/organizations/{organization}/webhooks").WithTags("Webhooks").Requires(HubAction.WebhooksEdit);
        hooks.MapGet("", async (ManageWebhooks handler, HttpContext http) => (await handler.ListAsync(http.OrganizationId(), http.RequestAborted)).ToOk())
            .Produces<IReadOnlyList<WebhookView>>().WithName("ListWebhooks").WithSummary("The organization's webhooks.");
        hooks.MapPost("", async (WebhookDraft body, ManageWebhooks handler, HttpContext http) =>
                (await handler.CreateAsync(http.OrganizationId(), body, http.RequestAborted)).ToCreated(made => $"{http.Request.Path}/{made.Id}"))
            .Produces<WebhookMade>(201).WithName("AddWebhook").WithSummary("Sends events of the organization to an address; the answer carries the secret, once.")
            .WithExample(new WebhookDraft("Quality system", "https://mes.example.org/hooks/perenne", [WebhookEvents.Accepted, WebhookEvents.TargetReached]));
        hooks.MapPut("/{webhook:guid}", async (Guid webhook, WebhookDraft body, ManageWebhooks handler, HttpContext http) =>
                (await handler.EditAsync(http.OrganizationId(), webhook, body, http.RequestAborted)).ToOk())
            .Produces(204).WithName("EditWebhook").WithSummary("Changes a webhook, or switches it on or off.");
        hooks.MapDelete("/{webhook:guid}", async (Guid webhook, ManageWebhooks handler, HttpContext http) => (await handler.RemoveAsync(http.OrganizationId(), webhook, http.RequestAborted)).ToOk())
            .Produces(204).WithName("RemoveWebhook").WithSummary("Removes a webhook with its delivery log.");
        hooks.MapPost("/{webhook:guid}/secret", async (Guid webhook, ManageWebhooks handler, HttpContext http) =>
                (await handler.NewSecretAsync(http.OrganizationId(), webhook, http.RequestAborted)).ToOk())
            .Produces<WebhookMade>().WithName("RenewWebhookSecret").WithSummary("A new secret; the old one signs nothing from now on.");
        hooks.MapPost("/{webhook:guid}/ping", async (Guid webhook, DeliveryLog handler, HttpContext http) =>
                (await handler.PingAsync(http.OrganizationId(), webhook, http.RequestAborted)).Map(id => new { DeliveryId = id }).ToOk())
            .WithName("PingWebhook").WithSummary("Sends a trial event; its outcome is in the delivery log.");
        hooks.MapGet("/{webhook:guid}/deliveries", async (Guid webhook, Guid? after, Named<DeliveryState>? state, DeliveryLog handler, HttpContext http) =>
                (await handler.ListAsync(http.OrganizationId(), webhook, after, state?.Value, http.RequestAborted)).ToOk())
            .Produces<DeliveryPage>().WithName("ListDeliveries").WithSummary("What was sent in the last 30 days with the answers, newest first.");
        hooks.MapPost("/{webhook:guid}/deliveries/{delivery:guid}/redeliver", async (Guid webhook, Guid delivery, DeliveryLog handler, HttpContext http) =>
                (await handler.SendAgainAsync(http.OrganizationId(), webhook, delivery, http.RequestAborted)).ToOk())
            .Produces(204).WithName("Redeliver").WithSummary("Sends a delivery again, under the same id.");
    }
}
