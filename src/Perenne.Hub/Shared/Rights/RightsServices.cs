using System.Collections.Concurrent;
using Microsoft.AspNetCore.Routing;

namespace Perenne.Hub.Shared.Rights;

internal static class RightsServices
{
    public static IServiceCollection AddHubRights(this IServiceCollection services) =>
        services.AddScoped<ActorLoader>().AddScoped<TargetLoader>();

    /// <summary>Fails at start when an endpoint names no action: nothing is open by accident.</summary>
    public static void VerifyEveryEndpointDeclaresItsAction(this WebApplication app)
    {
        // Side by side: a source makes its endpoints when it is first asked for them, which is most of what a start does.
        EndpointDataSource[] sources = [.. ((IEndpointRouteBuilder)app).DataSources];
        Parallel.ForEach(Partitioner.Create(sources, loadBalance: true), source => _ = source.Endpoints);
        List<string> undeclared = [.. sources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<RequiresAttribute>() is null && endpoint.Metadata.GetMetadata<OpenToAnyoneAttribute>() is null)
            .Select(endpoint => endpoint.DisplayName ?? endpoint.ToString() ?? "?")];
        if (undeclared.Count > 0)
            throw new InvalidOperationException("Endpoints without a declared action: " + string.Join("; ", undeclared));
    }
}
