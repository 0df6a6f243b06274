using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Hosting;

/// <summary>/health/live: the process answers. /health/ready: what it needs answers too. Features add their checks with the tag "ready".</summary>
internal static class Health
{
    public const string Ready = "ready";

    public static void AddHubHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready], timeout: TimeSpan.FromSeconds(5));

    public static void MapHubHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).OpenToAnyone("Supervisors ask before anybody can sign in.");
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync })
            .OpenToAnyone("Load balancers ask; it names the part that fails and nothing else.");
    }

    private static async Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await using Utf8JsonWriter json = new(http.Response.BodyWriter); // Written by hand: this is the first answer of every start, and nothing is compiled for it.
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach ((string name, HealthReportEntry entry) in report.Entries)
            json.WriteString(name, entry.Status.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Over the plain driver: a load balancer asks before the database model is built.</summary>
    private sealed class DatabaseCheck(IOptions<HubOptions> options) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using DbConnection connection = options.Value.Database.Provider == DatabaseProvider.Postgres
                    ? new NpgsqlConnection(options.Value.Database.ConnectionString)
                    : new SqliteConnection(options.Value.SqliteConnectionString);
                await connection.OpenAsync(cancellationToken);
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = "SELECT count(*) FROM \"__EFMigrationsHistory\"";
                await command.ExecuteScalarAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (DbException)
            {
                return HealthCheckResult.Unhealthy("The database does not answer.");
            }
        }
    }
}
