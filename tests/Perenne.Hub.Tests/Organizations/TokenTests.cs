using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public abstract class TokenTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_token_is_stored_as_a_hash_and_works_until_it_expires()
    {
        TestPerson anna = await Hub.Person("anna");
        CreateTokenDone made = await Hub.As(anna).Post("/api/v1/me/tokens", new { name = "laptop", scopes = new[] { "read" }, days = 2 }).Read<CreateTokenDone>();

        Assert.StartsWith("prn_", made.Token, StringComparison.Ordinal);
        ApiToken stored = await Hub.Inside(db => db.Set<ApiToken>().SingleAsync(t => t.Id == made.Id));
        Assert.Equal(Secret.Hash(made.Token), stored.Hash);
        Assert.Equal(made.Token[..8], stored.Start);
        await Hub.WithToken(made.Token).GetAsync("/api/v1/me").Done();
        Hub.Time.Skip(TimeSpan.FromDays(3));
        await Hub.WithToken(made.Token).GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revoked_token_stops_at_once_and_only_its_owner_can_revoke_it()
    {
        TestPerson anna = await Hub.Person("anna"), rui = await Hub.Person("rui");
        CreateTokenDone made = await Hub.As(anna).Post("/api/v1/me/tokens", new { name = "laptop", scopes = new[] { "read" } }).Read<CreateTokenDone>();

        await Hub.As(rui).DeleteAsync("/api/v1/me/tokens/" + made.Id).Refused(HttpStatusCode.NotFound);
        await Hub.WithToken(made.Token).GetAsync("/api/v1/me").Done();
        await Hub.As(anna).DeleteAsync("/api/v1/me/tokens/" + made.Id).Done();
        await Hub.WithToken(made.Token).GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        Assert.DoesNotContain(await Hub.As(anna).Get<List<TokenRow>>("/api/v1/me/tokens"), t => t.Id == made.Id);
    }

    [Fact]
    public async Task The_last_use_is_written_at_most_once_a_minute()
    {
        TestPerson anna = await Hub.Person("anna");
        async Task<DateTimeOffset?> LastUse() => await Hub.Inside(db => db.Set<ApiToken>().Where(t => t.UserId == anna.Id).Select(t => t.LastUsedAt).SingleAsync());
        await Hub.As(anna).GetAsync("/api/v1/me").Done();
        DateTimeOffset? first = await LastUse();
        Hub.Time.Skip(TimeSpan.FromSeconds(20));
        await Hub.As(anna).GetAsync("/api/v1/me").Done();
        Assert.Equal(first, await LastUse());
        Hub.Time.Skip(TimeSpan.FromSeconds(60));
        await Hub.As(anna).GetAsync("/api/v1/me").Done();
        Assert.True(await LastUse() > first!.Value.AddSeconds(60));
    }

    [Fact]
    public async Task A_token_cannot_do_what_its_owner_may_not()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson anna = await Hub.Person("anna", Role.Annotator, @in: lyon);
        await Hub.WithToken(await Hub.Token(anna, TokenScope.Admin)).Post($"/api/v1/organizations/{lyon.Slug}/teams", new { name = "night shift" }).Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_request_without_name_or_scope_is_told_both_at_once()
    {
        TestPerson anna = await Hub.Person("anna");
        string sentence = await Hub.As(anna).Post("/api/v1/me/tokens", new { name = " " }).Refused(HttpStatusCode.BadRequest);
        Assert.Contains("The name is missing.", sentence, StringComparison.Ordinal);
        Assert.Contains("at least one of", sentence, StringComparison.Ordinal);
    }
}

public sealed class TokenTestsOnSqlite(SqliteHub hub) : TokenTests(hub), IClassFixture<SqliteHub>;

public sealed class TokenTestsOnPostgres(PostgresHub hub) : TokenTests(hub), IClassFixture<PostgresHub>;
