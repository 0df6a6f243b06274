using Perenne.Hub.Shared.Rights;
using Perenne.Inference;
using Perenne.Serving;
using Perenne.Serving.Grpc;
using Perenne.Serving.Oip;

namespace Perenne.Hub.Serve;

/// <summary>Models for programs: /predict and the Open Inference Protocol.</summary>
internal static class ServeFeature
{
    public static void AddServe(this IServiceCollection services, IConfiguration configuration)
    {
        ServeOptions options = configuration.GetSection(ServeOptions.Section).Get<ServeOptions>() ?? new();
        services.AddSingleton(options).AddSingleton<UnloadedModels>().AddScoped<ServedModels>();
        services.AddSingleton(new ModelHost(new SessionSettings { Provider = options.Provider, Threads = options.Threads }, new ServerSettings { Workers = options.Workers, QueueLength = options.QueueLength }, options.Models));
        services.AddSingleton(Catalog());
        // What no service has is answered by the hub's own refusals, which know who asks.
        services.AddGrpc(grpc => grpc.IgnoreUnknownServices = true);
    }

    public static void MapServe(this IEndpointRouteBuilder routes)
    {
        ServingCatalog catalog = routes.ServiceProvider.GetRequiredService<ServingCatalog>();
        routes.MapPredict("/api/v1/projects/{project}/predict", catalog);
        routes.MapOpenInference(catalog);
        routes.MapGrpcService<OpenInferenceService>().Requires(HubAction.PredictionsRun);
    }

    private static ServingCatalog Catalog() => new()
    {
        Find = (http, name, version) => Models(http).FindAsync(http, name, version),
        List = http => Models(http).ListAsync(http.RequestAborted),
        Change = (http, name, load) => Models(http).ChangeAsync(http, name, load),
        Guard = (endpoint, access) => _ = access switch
        {
            ServingAccess.Open => endpoint.OpenToAnyone("Says only that the process lives and which protocol it speaks."),
            ServingAccess.Manage => endpoint.Requires(HubAction.ServingManage),
            _ => endpoint.Requires(HubAction.PredictionsRun),
        },
    };

    private static ServedModels Models(HttpContext http) => http.RequestServices.GetRequiredService<ServedModels>();
}
