using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Registry;

/// <summary>Model versions: trained here or uploaded, with lineage, aliases and notes.</summary>
internal static class RegistryFeature
{
    public static void AddRegistry(this IServiceCollection services)
    {
        services.AddScoped<ModelStore>().AddScoped<ReadModels>().AddScoped<ChangeModel>().AddScoped<UploadModel>();
        services.AddSingleton(new NavItem(NavPlace.Loop, 66, "versions", "Models", "/projects/{project}/models", HubAction.ModelsRead));
    }

    public static void MapRegistry(this IEndpointRouteBuilder api)
    {
        ReadModels.Map(api);
        ChangeModel.Map(api);
        UploadModel.Map(api);
    }
}
