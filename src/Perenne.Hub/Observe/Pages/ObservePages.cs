namespace Perenne.Hub.Observe.Pages;

internal static class ObservePages
{
    public static void AddObservePages(this IServiceCollection services)
    {
    }
}
