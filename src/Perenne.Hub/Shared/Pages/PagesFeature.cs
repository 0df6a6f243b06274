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
        string manifest = Path.Combine(AppContext.BaseDirectory, "Perenne.Hub.staticwebassets.endpoints.json");
        if (File.Exists(manifest))
            app.MapStaticAssets(manifest).OpenToAnyone("Scripts, styles and pictures of the pages hold nothing of any organization.");
        app.MapRazorComponents<App>().Add(endpoint =>
        {
            // Blazor adds endpoints of its own, which cannot carry our attribute.
            if (!endpoint.Metadata.Any(m => m is RequiresAttribute or OpenToAnyoneAttribute) && !endpoint.Metadata.Any(m => m is ComponentTypeMetadata))
                endpoint.Metadata.Add(new OpenToAnyoneAttribute("Blazor's own plumbing: redirects of enhanced forms."));
        });
    }
}
