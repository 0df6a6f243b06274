using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor.Pages;

internal static class MonitorPages
{
    public static void AddMonitorPages(this IServiceCollection services) =>
        services.AddSingleton(new NavItem(NavPlace.Loop, 80, "heart-rate-monitor", "Monitoring", "/projects/{project}/monitor", HubAction.MonitoringRead));
}
