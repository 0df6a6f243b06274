using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Perenne.Hub;
using Perenne.Hub.Annotate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Bench.Annotate;

/// <summary>The hub's clock with jumps, so that a lease of minutes runs out within a run of minutes.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long ahead;

    public void Skip(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));
}

/// <summary>A hub that listens on a free port, with people who hold tokens and campaigns of any size.</summary>
internal sealed class LoadHub : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("perenne-load-").FullName;
    private readonly WebApplication app;
    private readonly Guid organization, project;

    private LoadHub(string[] database)
    {
        app = HubHost.Build(["--urls", "http://127.0.0.1:0", "--Hub:DataFolder", folder, .. database], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
        });
        IdSource ids = app.Services.GetRequiredService<IdSource>();
        (organization, project) = (ids.Next(), ids.Next());
    }

    public JumpingTime Time { get; } = new();

    public string Api => $"{app.Urls.First()}/api/v1/projects/{project}";

    public static async Task<LoadHub> StartAsync(string? admin, string name)
    {
        string[] database = [];
        if (admin is not null)
        {
            await using NpgsqlConnection connection = new(admin);
            await connection.OpenAsync();
            foreach (string statement in new[] { $"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS", $"CREATE DATABASE {name} OWNER {name}" })
            {
                await using NpgsqlCommand command = new(statement, connection);
                await command.ExecuteNonQueryAsync();
            }

            string own = new NpgsqlConnectionStringBuilder(admin) { Database = name, Username = name, CommandTimeout = 600, MaxPoolSize = 60, Timeout = 300 }.ConnectionString;
            database = ["--Hub:Database:Provider", "Postgres", "--Hub:Database:ConnectionString", own];
        }

        LoadHub hub = new(database);
        await HubHost.PrepareAsync(hub.app);
        await hub.app.StartAsync();
        await hub.InsideAsync(async db =>
        {
            DateTimeOffset now = hub.Time.GetUtcNow();
            db.Add(new Organization { Id = hub.organization, Slug = "lyon", Name = "Lyon", CreatedAt = now });
            await db.SaveChangesAsync();
            Project project = new() { Id = hub.project, Slug = "pcb", Name = "PCB", OwnerOrganizationId = hub.organization, CreatedAt = now };
            project.Organizations.Add(new() { ProjectId = hub.project, OrganizationId = hub.organization, AddedAt = now });
            db.Add(project);
            return await db.SaveChangesAsync();
        });
        return hub;
    }

    public async Task<T> InsideAsync<T>(Func<HubDbContext, Task<T>> work)
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(20));
        return await work(db);
    }

    /// <summary>One client with a token for each person.</summary>
    public Task<List<(Guid Person, HttpClient Client)>> PeopleAsync(int count, SocketsHttpHandler connections) => InsideAsync(async db =>
    {
        IdSource ids = app.Services.GetRequiredService<IdSource>();
        DateTimeOffset now = Time.GetUtcNow();
        List<(Guid, HttpClient)> people = [];
        for (int i = 0; i < count; i++)
        {
            Guid id = ids.Next();
            string email = $"{id:N}@example.org", token = Secret.New(Secret.PersonalPrefix);
            db.Add(new User { Id = id, DisplayName = $"Person {i}", UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(), SecurityStamp = id.ToString("N"), CreatedAt = now });
            db.Add(new Membership { Id = ids.Next(), UserId = id, OrganizationId = organization, Role = Role.Annotator, CreatedAt = now });
            db.Add(new ApiToken { Id = ids.Next(), UserId = id, Name = "load", Start = token[..8], Hash = Secret.Hash(token), Scopes = [TokenScope.Annotate], CreatedAt = now });
            HttpClient client = new(connections, disposeHandler: false) { Timeout = TimeSpan.FromMinutes(5) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
            people.Add((id, client));
        }

        await db.SaveChangesAsync();
        return people;
    });

    /// <summary>A running campaign whose tasks and slots the database writes itself; every fifth task has two slots.</summary>
    public Task<Guid> CampaignAsync(int tasks, IEnumerable<Guid> people, CampaignRules rules) => InsideAsync(async db =>
    {
        IdSource ids = app.Services.GetRequiredService<IdSource>();
        Guid id = ids.Next();
        DateTimeOffset now = Time.GetUtcNow();
        db.Add(new Campaign { Id = id, OrganizationId = organization, ProjectId = project, Name = $"{tasks} tasks", Target = tasks, Rules = rules, Seed = 1, State = CampaignState.Running, CreatedAt = now, CreatedBy = Guid.Empty });
        await db.SaveChangesAsync();
        foreach (Guid person in people)
            db.Add(new CampaignMember { CampaignId = id, PersonId = person, OrganizationId = organization, AddedAt = now });
        db.Add(new CampaignTotal { CampaignId = id, OrganizationId = organization, State = TaskState.Open, Tasks = tasks });
        await db.SaveChangesAsync();
        await LoadRows.WriteAsync(db, id, organization, tasks, ids.Next(), now);
        return id;
    });

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
