using Perenne.Hub.Observe.Pages;

namespace Perenne.Hub.Observe;

/// <summary>What stations saw: segments, sampled images, feedback; figures, questions, files for other tools.</summary>
internal static class ObserveFeature
{
    public static void AddObserve(this IServiceCollection services)
    {
        services.AddScoped<Lake>().AddScoped<ReceiveSegment>().AddScoped<ReceiveImage>().AddScoped<ReceiveFeedback>();
        services.AddScoped<LiveFigures>().AddScoped<ObservationQuery>().AddScoped<ListDifferences>().AddScoped<ListFeedback>().AddScoped<DownloadSegments>();
        services.AddScoped<Compaction>().AddHostedService<LakeKeeper>();
        services.AddObservePages();
    }

    public static void MapObserve(this IEndpointRouteBuilder routes)
    {
        ReceiveSegment.Map(routes);
        ReceiveImage.Map(routes);
        ReceiveFeedback.Map(routes);
        LiveFigures.Map(routes);
        ObservationQuery.Map(routes);
        ListDifferences.Map(routes);
        ListFeedback.Map(routes);
        DownloadSegments.Map(routes);
    }
}
