using Microsoft.AspNetCore.Routing;

namespace Perenne.Hub.Shared.Rights;

internal static class RightsServices
{
    public static IServiceCollection AddHubRights(this IServiceCollection services) =>
        services.AddScoped<ActorLoader>().AddScoped<TargetLoader>();

    /// <summary>Fails at start when an endpoint names no action: nothing is open by accident.</summary>
    public static void VerifyEveryEndpointDeclaresItsAction(this WebApplication app)
    {
        List<string> undeclared = [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<RequiresAttribute>() is null && endpoint.Metadata.GetMetadata<OpenToAnyoneAttribute>() is null)
            .Select(endpoint => endpoint.DisplayName ?? endpoint.ToString() ?? "?")];
        if (undeclared.Count > 0)
            throw new InvalidOperationException("Endpoints without a declared action: " + string.Join("; ", undeclared));
    }
}
