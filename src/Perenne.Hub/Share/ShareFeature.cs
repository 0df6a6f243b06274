using Perenne.Hub.Share.Feed;

namespace Perenne.Hub.Share;

/// <summary>Ways out: annotations for programs.</summary>
internal static class ShareFeature
{
    public static void AddShare(this IServiceCollection services) =>
        services.AddScoped<Facts>().AddScoped<AnnotationFeed>().AddSingleton<FeedOrder>().AddScoped<ListAnnotations>();

    public static void MapShare(this IEndpointRouteBuilder routes) => ListAnnotations.Map(routes);
}
