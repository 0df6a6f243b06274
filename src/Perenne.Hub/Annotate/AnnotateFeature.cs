using Perenne.Hub.Agree;
using Perenne.Hub.Progress;

namespace Perenne.Hub.Annotate;

/// <summary>Campaigns, the queue, and what annotators do with a task.</summary>
internal static class AnnotateFeature
{
    public static void AddAnnotate(this IServiceCollection services)
    {
        services.AddSingleton<QueueCursors>();
        services.AddScoped<CreateCampaign>().AddScoped<AddTasks>()
            .AddScoped<PullTask>().AddScoped<SaveTask>().AddScoped<SubmitTask>().AddScoped<SkipTask>().AddScoped<ReleaseTask>()
            .AddScoped<TaskFlow>().AddScoped<LabelNames>().AddScoped<GroundTruths>().AddScoped<Counters>();
    }

    public static void MapAnnotate(this IEndpointRouteBuilder routes)
    {
        CreateCampaign.Map(routes);
        TaskEndpoints.Map(routes);
    }
}
