using Perenne.Hub.Deploy.Pages;

namespace Perenne.Hub.Deploy;

/// <summary>Stations, which model runs where, and how a model gets there and back.</summary>
internal static class DeployFeature
{
    public static void AddDeploy(this IServiceCollection services)
    {
        services.AddScoped<CurrentStation>().AddScoped<SigningKeys>().AddScoped<StationPlans>();
        services.AddScoped<AddStation>().AddScoped<EditStation>().AddScoped<ListStations>().AddScoped<EnrolStation>().AddScoped<ReceiveHeartbeat>();
        services.AddScoped<EditPolicy>();
        services.AddScoped<DeploymentLog>().AddScoped<ModelPackages>().AddScoped<GateReader>().AddScoped<DeployModel>().AddScoped<TakeBack>().AddScoped<ReadDeployments>();
        services.AddScoped<WatchDeployments>().AddScoped<ReadEvidence>().AddScoped<ManageRollouts>().AddScoped<AdvanceRollouts>().AddHostedService<WatchService>();
        services.AddDeployPages();
    }

    public static void MapDeploy(this IEndpointRouteBuilder routes)
    {
        AddStation.Map(routes);
        EditStation.Map(routes);
        ListStations.Map(routes);
        EnrolStation.Map(routes);
        ReceiveHeartbeat.Map(routes);
        StationPlans.Map(routes);
        EditPolicy.Map(routes);
        ModelPackages.Map(routes);
        DeployModel.Map(routes);
        TakeBack.Map(routes);
        ReadDeployments.Map(routes);
        ReadEvidence.Map(routes);
        ManageRollouts.Map(routes);
    }
}
