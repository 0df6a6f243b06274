using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Fleet;

/// <summary>The fleet board: the home page.</summary>
internal static class FleetFeature
{
    public static void AddFleet(this IServiceCollection services) => services.AddScoped<GatherFleet>().AddScoped<GatherReadiness>();

    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        GatherReadiness.Map(routes);
        routes.MapGet("/fleet", async (GatherFleet handler, HttpContext http) => (await handler.HandleAsync(http.RequestAborted)).ToOk())
        .Requires(HubAction.SelfRead).Produces<IReadOnlyList<FleetRow>>().WithTags("Fleet").WithName("GetFleet")
        .WithSummary("Every organization in sight: the seven questions of the loop, each with a figure, a state and what to do.");
    }
}
