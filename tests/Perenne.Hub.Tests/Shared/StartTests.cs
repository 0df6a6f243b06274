using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Tests.Shared;

/// <summary>A start on an embedded database that is current does not wait for Entity Framework's model.</summary>
public sealed class StartTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private string Own => Hub.App.Services.GetRequiredService<IOptions<HubOptions>>().Value.SqliteFile;

    [Fact]
    public async Task The_migrations_it_looks_for_are_those_of_the_context()
    {
        List<string> all = await Hub.Inside(db => Task.FromResult(db.Database.GetMigrations().ToList()));
        Assert.Equal(all, SqliteSchema.OfThisBuild().Order(StringComparer.Ordinal));
        Assert.NotEmpty(all);
    }

    [Fact]
    public async Task A_file_that_was_migrated_is_current() => Assert.True(await SqliteSchema.IsCurrentAsync(Own, None));

    [Fact]
    public async Task A_missing_an_empty_an_older_and_a_broken_file_are_not_current_and_stay_as_they_are()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, older = Path.Combine(folder, "older.db"), broken = Path.Combine(folder, "broken.db"), empty = Path.Combine(folder, "empty.db");
        try
        {
            Assert.False(await SqliteSchema.IsCurrentAsync(Path.Combine(folder, "none.db"), None));
            Assert.Empty(Directory.GetFiles(folder));
            await File.WriteAllTextAsync(empty, "", None);
            Assert.False(await SqliteSchema.IsCurrentAsync(empty, None));
            await File.WriteAllTextAsync(broken, new string('x', 10_000), None);
            Assert.False(await SqliteSchema.IsCurrentAsync(broken, None));
            Assert.Equal(new string('x', 10_000), await File.ReadAllTextAsync(broken, None));

            await using Microsoft.Data.Sqlite.SqliteConnection file = new($"Data Source={older};Pooling=False");
            await file.OpenAsync(None);
            await using (Microsoft.Data.Sqlite.SqliteCommand command = file.CreateCommand())
            {
                command.CommandText = "CREATE TABLE \"__EFMigrationsHistory\" (migration_id TEXT); INSERT INTO \"__EFMigrationsHistory\" VALUES ('20200101000000_Earlier');";
                await command.ExecuteNonQueryAsync(None);
            }

            Assert.False(await SqliteSchema.IsCurrentAsync(older, None));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_hub_is_not_ready_while_its_database_is_gone()
    {
        Assert.Equal("{\"status\":\"Healthy\",\"checks\":{\"database\":\"Healthy\"}}", await Hub.AsNobody().GetStringAsync("/health/ready", None));
        string data = Directory.CreateTempSubdirectory().FullName;
        await using (WebApplication empty = HubHost.Build(["--urls", "http://127.0.0.1:0", "--Hub:DataFolder", data]))
        {
            await HubHost.PrepareAsync(empty);
            await empty.StartAsync(None);
            using HttpClient http = new() { BaseAddress = new(empty.Urls.First()) };
            Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync("/health/ready", None)).StatusCode);
            await using (AsyncServiceScope scope = empty.Services.CreateAsyncScope())
                await scope.ServiceProvider.GetRequiredService<HubDbContext>().Database.ExecuteSqlRawAsync("DROP TABLE \"__EFMigrationsHistory\"", None);
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready", None)).StatusCode);
            await empty.StopAsync(None);
        }

        Directory.Delete(data, recursive: true);
    }
}
