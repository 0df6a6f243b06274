using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe.Pages;

internal static class ObservePages
{
    public static void AddObservePages(this IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavPlace.Loop, 90, "activity", "Observations", "/projects/{project}/observations", HubAction.ObservationsRead));
        services.AddSingleton(new NavItem(NavPlace.Loop, 95, "message", "Feedback", "/projects/{project}/feedback", HubAction.ObservationsRead));
    }
}
