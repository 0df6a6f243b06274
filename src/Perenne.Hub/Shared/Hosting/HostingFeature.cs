using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;

namespace Perenne.Hub.Shared.Hosting;

/// <summary>What every request passes through, whatever it asks for.</summary>
internal static class HostingFeature
{
    public static void AddHubHosting(this WebApplicationBuilder builder)
    {
        HostingOptions options = builder.Configuration.GetSection(HostingOptions.Section).Get<HostingOptions>() ?? new();
        builder.Services.AddSingleton(options);
        builder.AddHubLogging(options);
        builder.AddHubTelemetry();
        builder.Services.AddHubHealth();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // Otherwise a refusal says nothing outside development: ErrorPages writes it.
        builder.Services.AddResponseCompression(compression =>
        {
            // Over TLS it stays off: pages carry secrets beside echoed input (BREACH). A proxy may do it knowingly.
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "image/svg+xml", "application/problem+json"];
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseStaticWebAssets();
        if (options.BehindProxy)
            builder.Services.Configure<ForwardedHeadersOptions>(forwarded => Trust(forwarded, options.Proxies));
    }

    public static void UseHubHosting(this WebApplication app)
    {
        if (app.Services.GetRequiredService<HostingOptions>().BehindProxy)
            app.UseForwardedHeaders();
        app.UseResponseCompression();
        app.UseSecurityHeaders();
        app.UseHubErrors();
        app.UseMetricsGuard();
    }

    private static void Trust(ForwardedHeadersOptions forwarded, string[] proxies)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.All;
        forwarded.ForwardLimit = null;
        foreach (string proxy in proxies)
            if (System.Net.IPNetwork.TryParse(proxy, out System.Net.IPNetwork network))
                forwarded.KnownIPNetworks.Add(network);
            else if (IPAddress.TryParse(proxy, out IPAddress? address))
                forwarded.KnownProxies.Add(address);
            else
                throw new InvalidOperationException($"Hub:Hosting:Proxies holds '{proxy}', which is neither an address (10.0.0.5) nor a network (10.0.0.0/8).");
    }
}
