using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests;

/// <summary>A real hub on a free port with an empty database. One per test class; names get a number, so tests share it without meeting.</summary>
public abstract partial class HubFixture : IAsyncLifetime
{
    /// <summary>PERENNE_TEST_LOGS=1 shows what the hubs log; without it the answers of the tests are all there is to read.</summary>
    private static readonly bool ShowsLogs = Environment.GetEnvironmentVariable("PERENNE_TEST_LOGS") == "1";

    private static readonly MediaTypeWithQualityHeaderValue JsonOnly = new("application/json");
    private readonly string folder = Directory.CreateTempSubdirectory("perenne-hub-").FullName;
    private readonly List<HttpClient> clients = [];
    private WebApplication? app;
    private int number;

    internal MovableTime Time { get; } = new();

    internal WebApplication App => app ?? throw new InvalidOperationException("The hub has not started.");

    internal Uri Address => new(App.Urls.First());

    internal string Folder => folder;

    /// <summary>What another hub process needs to work on the same database and store.</summary>
    internal string[] Database { get; private set; } = [];

    /// <summary>Skips (fails in CI) where the database is missing.</summary>
    internal abstract void RequireDatabase();

    /// <summary>Extra command line settings; override for a fixture with another configuration.</summary>
    protected virtual IEnumerable<string> Settings => [];

    /// <summary>Override to replace services.</summary>
    internal virtual void Adjust(WebApplicationBuilder builder) =>
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));

    private protected abstract Task<string[]?> DatabaseSettingsAsync();

    public virtual async ValueTask InitializeAsync()
    {
        if (await DatabaseSettingsAsync() is not { } database)
            return;
        Database = database;
        app = HubHost.Build(
            ["--urls", "http://127.0.0.1:0", "--Hub:DataFolder", folder, "--Hub:SignInAttemptsPerMinute", "100000", .. database, .. Settings],
            builder =>
            {
                if (!ShowsLogs)
                    builder.Logging.ClearProviders();
                Adjust(builder);
            });
        await HubHost.PrepareAsync(app);
        await app.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        clients.ForEach(client => client.Dispose());
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    internal HttpClient As(TestPerson person) => WithToken(person.Token);

    internal HttpClient As(TestMachine machine) => WithToken(machine.Token);

    /// <summary>Nobody, without cookies; redirects are not followed.</summary>
    internal HttpClient AsNobody() => Keep(new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }));

    /// <summary>A browser: keeps cookies, does not follow redirects.</summary>
    internal HttpClient Browser() => Keep(new(new SocketsHttpHandler { AllowAutoRedirect = false }));

    internal HttpClient WithToken(string token)
    {
        HttpClient client = AsNobody();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Runs inside the hub, in a scope that sees everything.</summary>
    internal Task<T> Inside<T>(Func<IServiceProvider, Task<T>> work) => Inside(Actor.System, AccessScope.System, work);

    internal Task<T> Inside<T>(Func<HubDbContext, Task<T>> work) => Inside(services => work(services.GetRequiredService<HubDbContext>()));

    /// <summary>Runs inside the hub as the tenant: the scope of its organization only.</summary>
    internal Task<T> InsideAs<T>(TestOrganization organization, Func<HubDbContext, Task<T>> work) =>
        Inside(Actor.Nobody, AccessScope.Of(organization.Id), services => work(services.GetRequiredService<HubDbContext>()));

    private async Task<T> Inside<T>(Actor actor, AccessScope granted, Func<IServiceProvider, Task<T>> work)
    {
        await using AsyncServiceScope scope = App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().Grant(actor, granted);
        return await work(scope.ServiceProvider);
    }

    private HttpClient Keep(HttpClient client)
    {
        client.BaseAddress = Address;
        client.DefaultRequestHeaders.Accept.Add(JsonOnly);
        lock (clients)
            clients.Add(client);
        return client;
    }

    private int NextNumber() => Interlocked.Increment(ref number);
}
