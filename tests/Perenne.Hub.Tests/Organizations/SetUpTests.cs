using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Organizations;

namespace Perenne.Hub.Tests.Organizations;

/// <summary>One test a class: it needs a hub on which nobody has an account.</summary>
public abstract class SetUpTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Of_all_links_of_a_fresh_hub_one_makes_one_administrator_with_one_organization()
    {
        List<string> codes = [];
        for (int i = 0; i < 4; i++)
            codes.Add((await Hub.Inside(services => services.GetRequiredService<SetUpLink>().CreateAsync(CancellationToken.None)))!);
        object Form(string code, string email, string password = "a long enough one") => new { code, name = "Ada", email, password, organization = "Lyon – Usine Nº 2", timeZone = "Europe/Paris" };
        await Hub.AsNobody().Post("/api/v1/set-up", Form("guessed", "ada@example.org")).Refused(HttpStatusCode.Gone);
        await Hub.AsNobody().Post("/api/v1/set-up", Form(codes[0], "ada@example.org", "short")).Refused(HttpStatusCode.BadRequest);
        List<HttpClient> browsers = [.. codes.Select(_ => Hub.Browser())];

        HttpResponseMessage[] answers = await Task.WhenAll(codes.Select((code, i) => browsers[i].Post("/api/v1/set-up", Form(code, $"ada{i}@example.org"))));

        int winner = Array.FindIndex(answers, a => a.IsSuccessStatusCode);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Gone, HttpStatusCode.Gone, HttpStatusCode.Gone], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(1, await Hub.Inside(db => db.Users.CountAsync()));
        Me me = await browsers[winner].Get<Me>("/api/v1/me");
        Assert.True(me.IsInstanceAdministrator);
        Assert.Equal("lyon-usine-n-2", me.Roles.Single().Organization);
    }
}

public sealed class SetUpTestsOnSqlite(SqliteHub hub) : SetUpTests(hub), IClassFixture<SqliteHub>;

public sealed class SetUpTestsOnPostgres(PostgresHub hub) : SetUpTests(hub), IClassFixture<PostgresHub>;
