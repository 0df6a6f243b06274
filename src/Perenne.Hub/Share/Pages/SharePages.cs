using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Pages;

internal static class SharePages
{
    public static void AddSharePages(this IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavPlace.Loop, 45, "file-export", "Exports", "/projects/{project}/exports", HubAction.ExportsRun));
        services.AddSingleton(new NavItem(NavPlace.Organization, 35, "webhook", "Webhooks", "/organizations/{organization}/webhooks", HubAction.WebhooksEdit));
        services.AddSingleton(new NavItem(NavPlace.Instance, 90, "api", "API", "/api-guide", HubAction.SelfManage));
    }
}
