using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public abstract class SignInTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_session_cookie_is_closed_to_scripts_and_other_sites()
    {
        TestPerson anna = await Hub.Person("anna");
        HttpResponseMessage response = await Hub.AsNobody().Post("/api/v1/sign-in", new { email = anna.Email, password = HubFixture.Password });

        string cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("perenne=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Unknown_people_wrong_passwords_and_locked_accounts_get_the_same_answer()
    {
        TestPerson anna = await Hub.Person("anna");
        string wrong = await SignIn(anna.Email, "not my password").Refused(HttpStatusCode.Unauthorized);
        string unknown = await SignIn("nobody@example.org", "not my password").Refused(HttpStatusCode.Unauthorized);
        for (int i = 0; i < 7; i++)
            await SignIn(anna.Email, "not my password").Refused(HttpStatusCode.Unauthorized);
        string locked = await SignIn(anna.Email, HubFixture.Password).Refused(HttpStatusCode.Unauthorized);

        Assert.Equal([wrong, wrong], [unknown, locked]);
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_at_once()
    {
        TestPerson anna = await Hub.Person("anna");
        HttpClient office = Hub.Browser(), home = Hub.Browser();
        foreach (HttpClient browser in new[] { office, home })
            await browser.Post("/api/v1/sign-in", new { email = anna.Email, password = HubFixture.Password }).Done();

        await office.Put("/api/v1/me/password", new { current = HubFixture.Password, password = "another long password" }).Done();

        await home.GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        await office.GetAsync("/api/v1/me").Done();
    }

    [Fact]
    public async Task A_disabled_person_is_out_at_once_by_session_and_by_token()
    {
        TestPerson anna = await Hub.Person("anna");
        HttpClient browser = Hub.Browser();
        await browser.Post("/api/v1/sign-in", new { email = anna.Email, password = HubFixture.Password }).Done();
        DateTimeOffset now = Hub.Time.GetUtcNow();
        await Hub.Inside(db => db.Users.Where(u => u.Id == anna.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisabledAt, now)));

        await browser.GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        await Hub.As(anna).GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        await SignIn(anna.Email, HubFixture.Password).Refused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Another_sites_page_cannot_act_with_the_session()
    {
        TestPerson anna = await Hub.Person("anna");
        HttpClient browser = Hub.Browser();
        await browser.Post("/api/v1/sign-in", new { email = anna.Email, password = HubFixture.Password }).Done();
        Task<HttpResponseMessage> Rename(string header, string value)
        {
            HttpRequestMessage request = new(HttpMethod.Put, "/api/v1/me") { Content = System.Net.Http.Json.JsonContent.Create(new { name = "Mallory" }) };
            request.Headers.Add(header, value);
            return browser.SendAsync(request);
        }

        await Rename("Sec-Fetch-Site", "cross-site").Refused(HttpStatusCode.Forbidden);
        await Rename("Origin", "https://evil.example").Refused(HttpStatusCode.Forbidden);
        await Rename("Sec-Fetch-Site", "same-origin").Done();
    }

    [Fact]
    public async Task The_set_up_link_is_dead_once_somebody_has_an_account()
    {
        await Hub.Person("anna");
        Assert.Null(await Hub.Inside(services => services.GetRequiredService<SetUpLink>().CreateAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task A_station_enrols_once_and_loses_its_access_when_revoked()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        AddMachineDone added = await Hub.As(chief).Post($"/api/v1/organizations/{lyon.Slug}/machines", new { name = "line 1" }).Read<AddMachineDone>();

        EnrolMachineDone station = await Hub.AsNobody().Post("/api/v1/machines/enrol", new { code = added.Code }).Read<EnrolMachineDone>();
        await Hub.AsNobody().Post("/api/v1/machines/enrol", new { code = added.Code }).Refused(HttpStatusCode.Gone);
        Me me = await Hub.WithToken(station.Token).Get<Me>("/api/v1/me");
        Assert.Equal((true, "line 1", lyon.Slug), (me.IsMachine, me.Name, me.Roles.Single().Organization));

        await Hub.As(chief).DeleteAsync($"/api/v1/organizations/{lyon.Slug}/machines/{added.Id}").Done();
        await Hub.WithToken(station.Token).GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
    }

    private Task<HttpResponseMessage> SignIn(string email, string password) => Hub.AsNobody().Post("/api/v1/sign-in", new { email, password });
}

public sealed class SignInTestsOnSqlite(SqliteHub hub) : SignInTests(hub), IClassFixture<SqliteHub>;

public sealed class SignInTestsOnPostgres(PostgresHub hub) : SignInTests(hub), IClassFixture<PostgresHub>;
