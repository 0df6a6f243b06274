using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public abstract class InvitationTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task An_invitation_makes_an_account_with_the_preset_role_and_signs_in()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        string code = await Invite(chief, "anna@lyon.example", Role.Reviewer);
        HttpClient browser = Hub.Browser();

        await browser.Post("/api/v1/invitations/accept", new { code, name = "Anna", password = "a long enough one" }).Done();

        Me me = await browser.Get<Me>("/api/v1/me");
        Assert.Equal(("Anna", "anna@lyon.example"), (me.Name, me.Email));
        Assert.Equal((lyon.Slug, Role.Reviewer), (me.Roles.Single().Organization, me.Roles.Single().Role));
    }

    [Fact]
    public async Task Of_two_simultaneous_uses_of_an_invitation_one_succeeds()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        string code = await Invite(chief, $"twice@{lyon.Slug}.example", Role.Annotator);

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Hub.AsNobody().Post("/api/v1/invitations/accept", new { code, name = $"Racer {i}", password = "a long enough one" })));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Gone, 5)], answers.Select(a => a.StatusCode).Order());
        Assert.Equal(2, await Hub.Inside(db => db.Set<Membership>().CountAsync(m => m.OrganizationId == lyon.Id)));
    }

    [Fact]
    public async Task An_invitation_ends_when_it_expires_or_is_taken_back()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        string late = await Invite(chief, $"late@{lyon.Slug}.example", Role.Annotator), withdrawn = await Invite(chief, $"no@{lyon.Slug}.example", Role.Annotator);
        List<InvitationRow> open = await Hub.As(chief).Get<List<InvitationRow>>($"/api/v1/organizations/{lyon.Slug}/invitations");
        await Hub.As(chief).DeleteAsync($"/api/v1/organizations/{lyon.Slug}/invitations/{open.Single(i => i.Email.StartsWith("no@", StringComparison.Ordinal)).Id}").Done();

        string sentence = await Accept(withdrawn).Refused(HttpStatusCode.Gone);
        Assert.Contains("taken back", sentence, StringComparison.Ordinal);
        Hub.Time.Skip(TimeSpan.FromDays(15));
        await Accept(late).Refused(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_weak_password_leaves_the_invitation_usable()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        string code = await Invite(await Hub.Person("chief", Role.Administrator, @in: lyon), $"weak@{lyon.Slug}.example", Role.Annotator);

        string sentence = await Accept(code, "short").Refused(HttpStatusCode.BadRequest);
        Assert.Contains("12", sentence, StringComparison.Ordinal);
        await Accept(code).Done();
    }

    [Fact]
    public async Task Somebody_with_an_account_joins_with_its_password_only()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestPerson anna = await Hub.Person("anna", Role.Annotator, @in: porto);
        string code = await Invite(await Hub.Person("chief", Role.Administrator, @in: lyon), anna.Email, Role.Reviewer);

        await Accept(code, "somebody else's password").Refused(HttpStatusCode.BadRequest);
        await Accept(code, HubFixture.Password).Done();

        Assert.Equal(2, (await Hub.As(anna).Get<Me>("/api/v1/me")).Roles.Count);
    }

    [Fact]
    public async Task Two_administrators_who_remove_each_other_leave_one()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson one = await Hub.Person("one", Role.Administrator, @in: lyon), two = await Hub.Person("two", Role.Administrator, @in: lyon);
        List<MemberRow> members = await Hub.As(one).Get<List<MemberRow>>($"/api/v1/organizations/{lyon.Slug}/members");
        Task<HttpResponseMessage> Remove(TestPerson who, TestPerson whom) =>
            Hub.As(who).DeleteAsync($"/api/v1/organizations/{lyon.Slug}/members/{members.Single(m => m.UserId == whom.Id).MembershipId}");

        HttpResponseMessage[] answers = await Task.WhenAll(Remove(one, two), Remove(two, one));

        // The second may also find that it is nobody here any more (404).
        Assert.Single(answers, a => a.IsSuccessStatusCode);
        Assert.Single(answers, a => a.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound);
        Assert.Equal(1, await Hub.Inside(db => db.Set<Membership>().CountAsync(m => m.OrganizationId == lyon.Id)));
    }

    [Fact]
    public async Task The_last_administrator_can_neither_leave_nor_step_down()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        await Hub.Person("anna", Role.Annotator, @in: lyon);
        Guid membership = await Hub.Inside(db => db.Set<Membership>().Where(m => m.UserId == chief.Id).Select(m => m.Id).SingleAsync());
        string address = $"/api/v1/organizations/{lyon.Slug}/members/{membership}";

        await Hub.As(chief).DeleteAsync(address).Refused(HttpStatusCode.Conflict);
        string sentence = await Hub.As(chief).Put(address, new { role = "manager" }).Refused(HttpStatusCode.Conflict);

        Assert.Contains("last administrator", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_link_is_refused_for_somebody_with_rights_elsewhere()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon), anna = await Hub.Person("anna", Role.Annotator, @in: lyon);
        TestPerson ada = await Hub.Person("ada", instanceAdministrator: true);
        string address = $"/api/v1/organizations/{lyon.Slug}/people/{anna.Id}/password-reset";

        OfferPasswordResetDone link = await Hub.As(chief).Post(address, new { }).Read<OfferPasswordResetDone>();
        await Hub.AsNobody().Post("/api/v1/password-reset", new { code = link.Path.Split('/')[^1], password = "a whole new password" }).Done();
        await Hub.AsNobody().Post("/api/v1/password-reset", new { code = link.Path.Split('/')[^1], password = "another new password" }).Refused(HttpStatusCode.Gone);
        await Hub.AsNobody().Post("/api/v1/sign-in", new { email = anna.Email, password = "a whole new password" }).Done();

        string code = await Invite(await Hub.Person("rui", Role.Administrator, @in: porto), anna.Email, Role.Annotator);
        await Accept(code, "a whole new password").Done();
        await Hub.As(chief).Post(address, new { }).Refused(HttpStatusCode.Forbidden);
        await Hub.As(ada).Post(address, new { }).Done();
    }

    private async Task<string> Invite(TestPerson by, string email, Role role)
    {
        InviteDone made = await Hub.As(by).Post($"/api/v1/organizations/{by.Organization!.Slug}/invitations", new { email, role }).Read<InviteDone>();
        return made.Path.Split('/')[^1];
    }

    private Task<HttpResponseMessage> Accept(string code, string password = "a long enough one") =>
        Hub.AsNobody().Post("/api/v1/invitations/accept", new { code, name = "Somebody", password });
}

public sealed class InvitationTestsOnSqlite(SqliteHub hub) : InvitationTests(hub), IClassFixture<SqliteHub>;

public sealed class InvitationTestsOnPostgres(PostgresHub hub) : InvitationTests(hub), IClassFixture<PostgresHub>;
