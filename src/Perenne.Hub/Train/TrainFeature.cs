using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Train;

/// <summary>Trainings: the built-in trainer or a user's own, each a process of its own.</summary>
internal static class TrainFeature
{
    public static void AddTrain(this IServiceCollection services)
    {
        services.AddSingleton<BuiltInTrainer>();
        services.AddScoped<StartRun>().AddScoped<StopRun>().AddScoped<ReadRuns>().AddScoped<ManageTrainers>().AddScoped<JobFolder>().AddScoped<ILongWork, TrainModel>();
        services.AddSingleton(new NavItem(NavPlace.Loop, 63, "brain", "Training", "/projects/{project}/training", HubAction.TrainingRead));
        services.AddSingleton(new NavItem(NavPlace.Instance, 60, "cpu", "Trainers", "/trainers", HubAction.InstanceManage));
    }

    public static void MapTrain(this IEndpointRouteBuilder api)
    {
        StartRun.Map(api);
        StopRun.Map(api);
        ReadRuns.Map(api);
        ManageTrainers.Map(api);
    }
}
