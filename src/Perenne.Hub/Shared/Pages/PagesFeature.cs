using Microsoft.AspNetCore.Components.Endpoints;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Pages;

/// <summary>Server-rendered pages: no interactive circuits, so that a page costs the hub nothing once it is sent.</summary>
internal static class PagesFeature
{
    public static void AddHubPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "perenne.antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddScoped<Text>();
        services.AddScoped<Viewer>();
        services.AddScoped<LoadingTurn>();
        services.AddScoped<Flash>();
        services.AddScoped<FormState>();
    }

    /// <summary>After the rights were decided.</summary>
    public static void UseHubPages(this WebApplication app)
    {
        app.UseMiddleware<ViewerMiddleware>();
        app.UseAntiforgery();
    }

    public static void MapHubPages(this WebApplication app)
    {
        // One group, so that the pages find the fingerprints of the assets and one rule reaches what the framework adds by itself.
        RouteGroupBuilder pages = app.MapGroup("");
        RazorComponentsEndpointConventionBuilder components = pages.MapRazorComponents<App>();
        string manifest = Path.Combine(AppContext.BaseDirectory, "Perenne.Hub.staticwebassets.endpoints.json");
        if (File.Exists(manifest))
        {
            pages.MapStaticAssets(manifest);
            components.WithStaticAssets(manifest);
        }

        ((IEndpointConventionBuilder)pages).Finally(endpoint =>
        {
            // Only a page may forget to declare its action: the check at start then names it.
            if (!endpoint.Metadata.Any(m => m is ComponentTypeMetadata))
                endpoint.Metadata.Add(new OpenToAnyoneAttribute("Scripts, styles, pictures and Blazor's plumbing hold nothing of any organization."));
        });
    }
}
