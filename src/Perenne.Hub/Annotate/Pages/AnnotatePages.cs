using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate.Pages;

internal static class AnnotatePages
{
    public static void AddAnnotatePages(this IServiceCollection services)
    {
        services.AddSingleton(new NavItem(NavPlace.Loop, 30, "pencil", "My work", "/work", HubAction.SelfManage));
        services.AddSingleton(new NavItem(NavPlace.Loop, 40, "clipboard-list", "Campaigns", "/campaigns", HubAction.SelfManage));
    }
}
