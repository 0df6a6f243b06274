using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Evaluate;

/// <summary>How good a model is, where, and why not better.</summary>
internal static class EvaluateFeature
{
    public static void AddEvaluate(this IServiceCollection services)
    {
        services.AddScoped<StartEvaluation>().AddScoped<ReadEvaluations>().AddScoped<CompareEvaluations>().AddScoped<SendToCampaign>().AddScoped<TryModel>().AddScoped<UnseenImages>().AddScoped<ILongWork, EvaluateModel>();
        services.AddSingleton(new NavItem(NavPlace.Loop, 68, "target", "Evaluations", "/projects/{project}/evaluations", HubAction.EvaluationsRead));
    }

    public static void MapEvaluate(this IEndpointRouteBuilder api)
    {
        StartEvaluation.Map(api);
        ReadEvaluations.Map(api);
        CompareEvaluations.Map(api);
        SendToCampaign.Map(api);
        TryModel.Map(api);
    }
}
