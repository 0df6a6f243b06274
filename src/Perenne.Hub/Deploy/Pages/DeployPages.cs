using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy.Pages;

internal static class DeployPages
{
    public static void AddDeployPages(this IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavPlace.Loop, 80, "rocket", "Deployments", "/projects/{project}/deployments", HubAction.DeploymentsRead));
        services.AddSingleton(new NavItem(NavPlace.Organization, 25, "device-desktop-analytics", "Stations", "/organizations/{organization}/stations", HubAction.StationsRead));
    }
}
