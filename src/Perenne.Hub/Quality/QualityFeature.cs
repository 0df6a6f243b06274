using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Quality;

/// <summary>Verdicts on images: learnt per camera, editable per project, overruled by people.</summary>
internal static class QualityFeature
{
    public static void AddQuality(this IServiceCollection services)
    {
        services.AddScoped<ProjectJudge>().AddScoped<CameraViews>().AddScoped<OverruleQuality.Handler>().AddScoped<EditThresholds.Handler>();
        services.AddScoped<IWorkHandler, LearnCameraProfile>().AddScoped<IWorkHandler, Rejudge>();
    }

    public static void MapQuality(this IEndpointRouteBuilder routes)
    {
        OverruleQuality.Map(routes);
        EditThresholds.Map(routes);
    }
}
