using Perenne.Hub.Agree;
using Perenne.Hub.Annotate.Pages;
using Perenne.Hub.Progress;
using Perenne.Hub.Review;

namespace Perenne.Hub.Annotate;

/// <summary>Campaigns, the queue, and what annotators do with a task.</summary>
internal static class AnnotateFeature
{
    public static void AddAnnotate(this IServiceCollection services)
    {
        services.AddSingleton<QueueCursors>();
        services.AddScoped<CreateCampaign>().AddScoped<AddTasks>()
            .AddScoped<PullTask>().AddScoped<SaveTask>().AddScoped<SubmitTask>().AddScoped<SkipTask>().AddScoped<ReleaseTask>()
            .AddScoped<FillCampaign>().AddScoped<ManagePool>().AddScoped<EditCampaign>().AddScoped<ChangeCampaignState>().AddScoped<ListCampaigns>().AddScoped<GetCampaign>()
            .AddScoped<GetTask>().AddScoped<TaskViews>().AddScoped<ListDrafts>().AddScoped<RequeueProposed>()
            .AddScoped<TaskFlow>().AddScoped<LabelNames>()
            .AddScoped<GoldTasks>().AddScoped<SeedGold>().AddScoped<ManagePoolTeams>().AddScoped<ReassignWork>().AddScoped<ChangePriority>().AddScoped<PreviewDistribution>();
        services.AddHostedService<CampaignKeeper>();
        services.AddReview();
        services.AddAgree();
        services.AddProgress();
        services.AddAnnotatePages();
    }

    public static void MapAnnotate(this IEndpointRouteBuilder routes)
    {
        CreateCampaign.Map(routes);
        EditCampaign.Map(routes);
        ChangeCampaignState.Map(routes);
        ManagePool.Map(routes);
        ManagePoolTeams.Map(routes);
        ReassignWork.Map(routes);
        ChangePriority.Map(routes);
        SeedGold.Map(routes);
        PreviewDistribution.Map(routes);
        ListCampaigns.Map(routes);
        GetCampaign.Map(routes);
        TaskEndpoints.Map(routes);
        GetTask.Map(routes);
        ListDrafts.Map(routes);
        routes.MapReview();
        routes.MapAgree();
        routes.MapProgress();
    }
}
