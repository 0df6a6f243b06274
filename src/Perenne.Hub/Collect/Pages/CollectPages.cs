using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Pages;

internal static class CollectPages
{
    public static void AddCollectPages(this IServiceCollection services)
    {
        services.AddScoped<ReadPicture>();
        services.AddSingleton(new NavItem(NavPlace.Loop, 20, "photo", "Images", "/projects/{project}/images", HubAction.ImagesRead));
    }
}
