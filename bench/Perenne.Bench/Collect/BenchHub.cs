using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Perenne.Hub;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Bench.Collect;

/// <summary>A hub with an empty database, built and not started: nothing runs in the background of a measurement.</summary>
internal sealed class BenchHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly bool isOwner;

    private BenchHub(string[] database, string? existing = null)
    {
        (Folder, isOwner) = (existing ?? Directory.CreateTempSubdirectory("perenne-bench-").FullName, existing is null);
        app = HubHost.Build(["--Hub:DataFolder", Folder, .. database], builder => builder.Logging.ClearProviders());
    }

    public string Folder { get; }

    public Guid Organization { get; private set; }

    public Guid Project { get; private set; }

    public IServiceProvider Services => app.Services;

    public static Task<BenchHub> OnSqliteAsync() => PrepareAsync(new([]));

    /// <summary>On what another process has filled; that one deletes it.</summary>
    public static async Task<BenchHub> OnFilledAsync(string folder, Guid organization, Guid project)
    {
        BenchHub hub = new([], folder) { Organization = organization, Project = project };
        await HubHost.PrepareAsync(hub.app);
        return hub;
    }

    /// <param name="admin">Of <see cref="TestSupport.PostgresCluster"/>; the hub gets a database and an ordinary login of its own.</param>
    public static async Task<BenchHub> OnPostgresAsync(string admin, string name)
    {
        await using NpgsqlConnection connection = new(admin);
        await connection.OpenAsync();
        foreach (string statement in new[] { $"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS", $"CREATE DATABASE {name} OWNER {name}" })
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        string own = new NpgsqlConnectionStringBuilder(admin) { Database = name, Username = name, CommandTimeout = 600 }.ConnectionString;
        return await PrepareAsync(new(["--Hub:Database:Provider", "Postgres", "--Hub:Database:ConnectionString", own]));
    }

    /// <summary>In a scope that sees what a member of the organization sees.</summary>
    public async Task<T> InsideAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().Grant(Actor.System, AccessScope.Of(Organization));
        return await work(scope.ServiceProvider);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        if (isOwner)
            Directory.Delete(Folder, recursive: true);
    }

    private static async Task<BenchHub> PrepareAsync(BenchHub hub)
    {
        await HubHost.PrepareAsync(hub.app);
        IdSource ids = hub.Services.GetRequiredService<IdSource>();
        (hub.Organization, hub.Project) = (ids.Next(), ids.Next());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await hub.InsideAsync(async services =>
        {
            HubDbContext db = services.GetRequiredService<HubDbContext>();
            db.Add(new Organization { Id = hub.Organization, Slug = "lyon", Name = "Lyon", CreatedAt = now });
            await db.SaveChangesAsync();
            Project project = new() { Id = hub.Project, Slug = "pcb", Name = "PCB", OwnerOrganizationId = hub.Organization, CreatedAt = now };
            project.Organizations.Add(new() { ProjectId = hub.Project, OrganizationId = hub.Organization, AddedAt = now });
            db.Add(project);
            return await db.SaveChangesAsync();
        });
        return hub;
    }
}
