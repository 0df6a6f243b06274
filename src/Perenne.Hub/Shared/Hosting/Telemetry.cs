using System.Net;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Hosting;

/// <summary>Traces, metrics and logs by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set; metrics for Prometheus always.</summary>
internal static class Telemetry
{
    /// <summary>Name under which features make their own activities and meters.</summary>
    public const string Source = "Perenne.Hub";

    private const string MetricsPath = "/metrics";

    public static void AddHubTelemetry(this WebApplicationBuilder builder)
    {
        bool export = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? "perenne-hub", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddNpgsqlInstrumentation()
                .AddMeter(Source).AddPrometheusExporter());
        if (!export)
            return;
        // Without a collector nobody reads spans, and not making them keeps start and idle cheap.
        telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql().AddSource(Source));
        telemetry.WithLogging(null, logs => logs.IncludeScopes = true);
        telemetry.UseOtlpExporter();
    }

    public static void MapHubMetrics(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint(MetricsPath).OpenToAnyone("Guarded by address or by its own token, see UseMetricsGuard.");

    public static void UseMetricsGuard(this WebApplication app)
    {
        string? token = app.Services.GetRequiredService<HostingOptions>().MetricsToken;
        app.Use(async (http, next) =>
        {
            if (http.Request.Path.StartsWithSegments(MetricsPath) && !MayRead(http, token))
                http.Response.StatusCode = StatusCodes.Status404NotFound;
            else
                await next(http);
        });
    }

    private static bool MayRead(HttpContext http, string? token)
    {
        // A proxy on this machine would make everybody local.
        bool direct = !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded") && !http.Request.Headers.ContainsKey("X-Original-For");
        if (direct && http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address))
            return true;
        return !string.IsNullOrEmpty(token)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes("Bearer " + token), Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()));
    }
}
