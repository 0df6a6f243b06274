using Perenne.Hub.Collect.Gallery;

namespace Perenne.Hub.Collect;

/// <summary>Images: ways in, storage, gallery, export.</summary>
internal static class CollectFeature
{
    public static void AddCollect(this IServiceCollection services)
    {
        services.AddScoped<ListImages.Handler>().AddScoped<CountImages.Handler>();
    }

    public static void MapCollect(this IEndpointRouteBuilder routes)
    {
        ListImages.Map(routes);
        CountImages.Map(routes);
    }
}
