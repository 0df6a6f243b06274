using Perenne.Hub.Annotate;
using Perenne.Hub.Automate;
using Perenne.Hub.Collect;
using Perenne.Hub.Deploy;
using Perenne.Hub.Monitor;
using Perenne.Hub.Observe;
using Perenne.Hub.Datasets;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Fleet;
using Perenne.Hub.Organizations;
using Perenne.Hub.Organizations.Pages;
using Perenne.Hub.Quality;
using Perenne.Hub.Registry;
using Perenne.Hub.Serve;
using Perenne.Hub.Share;
using Perenne.Hub.Share.Graph;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Hosting;
using Perenne.Hub.Shared.Pages;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;
using Perenne.Hub.Train;

namespace Perenne.Hub;

/// <summary>The table of contents: services and endpoints of the features, in the order of the loop.</summary>
public static class HubHost
{
    /// <param name="adjust">Last word on services, for tests: a clock that moves, a store that fails.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = "Perenne.Hub", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("PERENNE_").AddCommandLine(args); // What is typed wins over what is set once.
        HubOptions options = builder.Configuration.GetSection(HubOptions.Section).Get<HubOptions>() ?? new();
        builder.Services.Configure<HubOptions>(builder.Configuration.GetSection(HubOptions.Section));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IdSource>();
        builder.Services.AddHubData(options);
        builder.Services.AddHubBlobs();
        builder.Services.AddHubWork();
        builder.Services.AddHubRights();
        builder.Services.AddProblemDetails();
        builder.AddHubHosting();
        builder.Services.AddHubPages();
        builder.Services.AddHubOpenApi();

        builder.Services.AddOrganizations(options);
        builder.Services.AddOrganizationPages();
        builder.Services.AddCollect();
        builder.Services.AddQuality();
        builder.Services.AddAnnotate();
        builder.Services.AddShare();
        builder.Services.AddDeploy();
        builder.Services.AddServe(builder.Configuration);
        builder.Services.AddObserve();
        builder.Services.AddDatasets();
        builder.Services.AddTrain();
        builder.Services.AddRegistry();
        builder.Services.AddEvaluate();
        builder.Services.AddAutomate();
        builder.Services.AddFleet();
        builder.Services.AddMonitor();

        adjust?.Invoke(builder);
        WebApplication app = builder.Build();
        app.UseHubHosting();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<CrossSiteGuard>();
        app.UseMiddleware<RightsMiddleware>();
        app.UseHubPages();

        app.MapHubHealth();
        app.MapHubOpenApi();
        app.MapHubMetrics();
        app.MapHubPages();
        app.MapOrganizations(options);
        app.MapSessionForms();
        app.MapCollect();
        app.MapQuality();
        app.MapGroup("/api/v1").MapAnnotate();
        app.MapGroup("/api/v1").MapShare();
        GraphEndpoint.Map(app);
        app.MapDeploy();
        app.MapServe();
        app.MapObserve();
        app.MapGroup("/api/v1").MapDatasets();
        app.MapGroup("/api/v1").MapTrain();
        app.MapGroup("/api/v1").MapRegistry();
        app.MapGroup("/api/v1").MapEvaluate();
        app.MapGroup("/api/v1").MapAutomate();
        app.MapGroup("/api/v1").MapFleet();
        app.MapMonitor();
        return app;
    }

    /// <summary>Migrates the database and checks that every endpoint declares its action, before the first request.</summary>
    public static async Task PrepareAsync(WebApplication app)
    {
        Task verified = Task.Run(app.VerifyEveryEndpointDeclaresItsAction);
        await app.PrepareHubDataAsync();
        await verified;
        app.BuildModelAhead(); // Not sooner: the hub answers the earlier for it.
    }
}
