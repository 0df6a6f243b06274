namespace Perenne.Hub.Progress;

/// <summary>How the work goes, and how many people it needs.</summary>
internal static class ProgressFeature
{
    public static void AddProgress(this IServiceCollection services) =>
        services.AddScoped<Counters>().AddScoped<GetProgress>().AddScoped<ExportProgress>().AddScoped<PlanCapacity>().AddScoped<StateOutlook>();

    public static void MapProgress(this IEndpointRouteBuilder routes)
    {
        GetProgress.Map(routes);
        ExportProgress.Map(routes);
        PlanCapacity.Map(routes);
        StateOutlook.Map(routes);
    }
}
