using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Datasets;

/// <summary>Immutable dataset versions made from the pool.</summary>
internal static class DatasetsFeature
{
    public static void AddDatasets(this IServiceCollection services)
    {
        services.AddScoped<ReferenceImages>().AddScoped<CreateDatasetVersion>().AddScoped<ReadDatasets>().AddScoped<CancelDatasetVersion>().AddScoped<DiffDatasets>()
            .AddScoped<LabelReader>().AddScoped<DatasetRows>().AddScoped<ILongWork, BuildDatasetVersion>();
        services.AddSingleton(new NavItem(NavPlace.Loop, 60, "database", "Datasets", "/projects/{project}/datasets", HubAction.DatasetsRead));
    }

    public static void MapDatasets(this IEndpointRouteBuilder api)
    {
        CreateDatasetVersion.Map(api);
        ReadDatasets.Map(api);
        CancelDatasetVersion.Map(api);
        DiffDatasets.Map(api);
    }
}
