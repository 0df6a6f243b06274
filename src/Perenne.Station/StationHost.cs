using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Perenne.Contracts.Stations;
using Perenne.Serving;
using Perenne.Serving.Grpc;
using Perenne.Serving.Oip;
using Perenne.Station.Hub;
using Perenne.Station.Judge;
using Perenne.Station.Models;
using Perenne.Station.Outputs;
using Perenne.Station.Screen;
using Perenne.Station.Sources;
using Perenne.Station.Spool;

namespace Perenne.Station;

/// <summary>The table of contents of a station.</summary>
public static class StationHost
{
    /// <param name="args">Settings as <c>--Station:Folder …</c>; <c>--urls</c> for the address of the screen.</param>
    /// <param name="adjust">Last word on services, for tests.</param>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "Perenne.Station", ContentRootPath = AppContext.BaseDirectory });
        StationOptions options = StationSettings.Read(builder, args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = FrameReader.MaxBytes);
        StationPaths paths = new(options.Folder);
        Directory.CreateDirectory(paths.Spool);
        if (options is { Hub: { } hub, Code: { Length: > 0 } code } && new StationIdentity(paths.Root).Read() is null && await EnrolAsync(hub, paths.Root, code, CancellationToken.None) is { } refusal)
            throw new StationSettingsException(refusal);
        IServiceCollection services = builder.Services;
        services.AddSingleton(options).AddSingleton(paths).AddSingleton(TimeProvider.System).AddSingleton<Ids>().AddSingleton<StationStatus>();
        services.AddSingleton(p => ObservationSpool.OpenAsync(paths.Observations, options.Spool, p.GetRequiredService<TimeProvider>()).GetAwaiter().GetResult());
        services.AddSingleton(new ImageSpool(paths.Images)).AddSingleton(new FeedbackSpool(paths.Feedback));
        services.AddSingleton(p => new SpoolBounds(paths.Spool, options.Spool, p.GetRequiredService<ObservationSpool>(), p.GetRequiredService<ImageSpool>())).AddSingleton<SpoolWriter>();
        services.AddSingleton(new ModelStore(paths.Models)).AddSingleton<ModelSet>().AddSingleton(new GoldenFrames(paths.Golden)).AddSingleton(new StationMemory(paths.Cameras));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false)));
        services.AddSingleton<Sampler>().AddSingleton<FrameJudge>().AddSingleton<PartIds>().AddSingleton<Triggers>();
        services.AddSingleton<SourcesService>().AddHostedService(p => p.GetRequiredService<SourcesService>());
        services.AddHttpClient().AddHostedService<OutputService>().AddHostedService<MqttService>().AddHostedService<SegmentClock>();
        services.AddSingleton(p => StationServing.Catalog(p.GetRequiredService<ModelSet>(), options)).AddGrpc();
        AddHub(services, options, paths);
        adjust?.Invoke(builder);
        WebApplication app = builder.Build();
        app.UseMiddleware<StationGuard>();
        app.MapScreen();
        FramesEndpoint.Map(app);
        ServingCatalog catalog = app.Services.GetRequiredService<ServingCatalog>();
        app.MapPredict("/predict/{project}", catalog);
        app.MapOpenInference(catalog);
        app.MapGrpcService<OpenInferenceService>();
        app.MapGet("/health", () => Results.Ok());
        if (options.Model is { } folder)
            app.Services.GetRequiredService<ModelSet>().UseFolder(folder);
        else if (options.Hub is not null)
            await app.Services.GetRequiredService<PlanKeeper>().ResumeAsync();
        return app;
    }

    /// <summary>Turns a one-time code into this station's identity.</summary>
    /// <returns>Null when done, else a sentence.</returns>
    public static async Task<string?> EnrolAsync(Uri hub, string folder, string code, CancellationToken cancel)
    {
        using HttpClient http = new() { BaseAddress = WithSlash(hub) };
        try
        {
            return await new StationIdentity(Path.GetFullPath(folder)).EnrolAsync(http, code, cancel);
        }
        catch (HttpRequestException e)
        {
            return $"The hub {hub} cannot be reached: {e.Message} Check the address and the line; the code was not used.";
        }
    }

    private static void AddHub(IServiceCollection services, StationOptions options, StationPaths paths)
    {
        if (options.Hub is not { } address)
            return;
        StationIdentity identity = new(paths.Root);
        EnrolAnswer me = identity.Read() ?? throw new StationSettingsException($"This station has not enrolled with {address}. Start it with --code and the one-time code of the hub's page Stations.");
        services.AddSingleton(identity).AddSingleton<Throttle>().AddSingleton<PlanKeeper>();
        services.AddHttpClient("hub", http =>
        {
            http.BaseAddress = WithSlash(address);
            http.DefaultRequestHeaders.Authorization = new("Bearer", me.Token);
            http.Timeout = TimeSpan.FromMinutes(30);
        });
        services.AddSingleton(p => new HubClient(p.GetRequiredService<IHttpClientFactory>().CreateClient("hub"), p.GetRequiredService<Throttle>()));
        services.AddSingleton<Uploader>().AddHostedService(p => p.GetRequiredService<Uploader>());
        services.AddSingleton<HeartbeatService>().AddHostedService(p => p.GetRequiredService<HeartbeatService>());
    }

    private static Uri WithSlash(Uri hub) => hub.AbsoluteUri.EndsWith('/') ? hub : new Uri(hub.AbsoluteUri + "/");
}
