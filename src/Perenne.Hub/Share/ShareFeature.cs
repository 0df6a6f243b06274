using Perenne.Hub.Share.Exports;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Share.Graph;
using Perenne.Hub.Share.Pages;
using Perenne.Hub.Share.Webhooks;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share;

/// <summary>Ways out: annotations for programs, data sets.</summary>
internal static class ShareFeature
{
    public static void AddShare(this IServiceCollection services)
    {
        services.AddScoped<Facts>().AddScoped<AnnotationFeed>().AddSingleton<FeedOrder>().AddScoped<ListAnnotations>();
        services.AddScoped<ExportRows>().AddSingleton<ExportParts>().AddSingleton<ExportArchive>().AddScoped<WriteDataset>().AddScoped<ManageExports>().AddScoped<IWorkHandler, RunExport>();
        services.AddScoped<Outbox>().AddSingleton<WebhookSecrets>().AddSingleton<AddressGuard>().AddSingleton<WebhookSender>().AddScoped<ManageWebhooks>().AddScoped<DeliveryLog>()
            .AddScoped<IWorkHandler, DeliverWebhook>();
        services.AddSingleton<GraphSchema>().AddSingleton<GraphEndpoint>().AddScoped<GraphAccess>().AddScoped<GraphLoaders>();
        services.AddSharePages();
    }

    public static void MapShare(this IEndpointRouteBuilder routes)
    {
        ListAnnotations.Map(routes);
        ExportEndpoints.Map(routes);
        WebhookEndpoints.Map(routes);
    }
}
