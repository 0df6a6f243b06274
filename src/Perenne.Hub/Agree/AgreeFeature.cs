using Perenne.Hub.Agree.Adjudicate;
using Perenne.Hub.Agree.Figures;

namespace Perenne.Hub.Agree;

/// <summary>How far annotators agree, what they contradict each other about, and who decides then.</summary>
internal static class AgreeFeature
{
    public static void AddAgree(this IServiceCollection services) => services
        .AddScoped<GroundTruths>().AddScoped<MeasureAgreement>()
        .AddSingleton<AgreementCache>().AddScoped<GetAgreement>().AddScoped<ListContradictions>()
        .AddScoped<AdjudicationAccess>().AddScoped<AdjudicationQueue>().AddScoped<OpenDispute>().AddScoped<SaveAdjudication>().AddScoped<DecideAdjudication>()
        .AddScoped<CompareAnswers>().AddScoped<TruthHistory>();

    public static void MapAgree(this IEndpointRouteBuilder routes)
    {
        GetAgreement.Map(routes);
        ListContradictions.Map(routes);
        AdjudicationEndpoints.Map(routes);
    }
}
