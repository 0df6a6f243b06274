using System.Net;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public abstract class AdministrationTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_disabled_person_is_out_at_once_and_comes_back_with_roles_but_without_old_sessions()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson anna = await Hub.Person("anna", Role.Reviewer, @in: lyon), chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        HttpClient ada = Hub.As(await Hub.Person("ada", instanceAdministrator: true)), browser = Hub.Browser();
        await browser.Post("/api/v1/sign-in", new { email = anna.Email, password = HubFixture.Password }).Done();
        await browser.GetAsync("/api/v1/me").Done();

        await ada.Post($"/api/v1/users/{anna.Id}/disable", new { }).Done();
        await ada.Post($"/api/v1/users/{anna.Id}/disable", new { }).Done();

        await browser.GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        await Hub.As(anna).GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        await Hub.AsNobody().Post("/api/v1/sign-in", new { email = anna.Email, password = HubFixture.Password }).Refused(HttpStatusCode.Unauthorized);

        await ada.Post($"/api/v1/users/{anna.Id}/enable", new { }).Done();

        await browser.GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
        Assert.Equal(Role.Reviewer, (await Hub.As(anna).Get<Me>("/api/v1/me")).Roles.Single().Role);
        string[] expected = ["user.enabled", "user.disabled"];
        Assert.Equal(expected, (await Hub.As(chief).Get<AuditPage>($"/api/v1/organizations/{lyon.Slug}/audit?action=user.")).Rows.Select(r => r.Action));
        Assert.Equal(expected, (await ada.Get<AuditPage>("/api/v1/audit")).Rows.Where(r => r.Detail!.Contains(anna.Email, StringComparison.Ordinal)).Select(r => r.Action));
    }

    [Fact]
    public async Task Nobody_shuts_themselves_out()
    {
        TestPerson ada = await Hub.Person("ada", instanceAdministrator: true);
        string sentence = await Hub.As(ada).Post($"/api/v1/users/{ada.Id}/disable", new { }).Refused(HttpStatusCode.Conflict);
        Assert.Contains("another instance administrator", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_are_listed_page_by_page_and_found_by_part_of_the_name()
    {
        HttpClient ada = Hub.As(await Hub.Person("ada", instanceAdministrator: true));
        for (int i = 0; i < 5; i++)
            await Hub.Person($"zebulon {i}");
        List<string> names = [];
        Guid? next = null;
        do
        {
            UserPage page = await ada.Get<UserPage>($"/api/v1/users?take=2&text=Zebul{(next is null ? "" : "&after=" + next)}");
            names.AddRange(page.Rows.Select(r => r.Name));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(["zebulon 0", "zebulon 1", "zebulon 2", "zebulon 3", "zebulon 4"], names);
    }

    [Fact]
    public async Task An_organization_is_archived_and_brought_back()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        HttpClient chief = Hub.As(await Hub.Person("chief", Role.Administrator, @in: lyon));
        string address = $"/api/v1/organizations/{lyon.Slug}";

        Assert.NotNull((await chief.Post(address + "/archive", new { }).Read<OrganizationRow>()).ArchivedAt);
        Assert.Null((await chief.Post(address + "/restore", new { }).Read<OrganizationRow>()).ArchivedAt);

        Assert.Equal(["organization.restored", "organization.archived"], (await chief.Get<AuditPage>(address + "/audit")).Rows.Select(r => r.Action));
    }

    [Fact]
    public async Task A_project_is_withdrawn_by_its_owner_or_given_back_by_the_other_but_not_by_a_third()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto"), gent = await Hub.Organization("gent");
        TestProject pcb = await Hub.Project("pcb", lyon, porto, gent);
        HttpClient owner = Hub.As(await Hub.Person("chief", Role.Administrator, @in: lyon)), other = Hub.As(await Hub.Person("rui", Role.Administrator, @in: porto));
        string address = $"/api/v1/projects/{pcb.Slug}/organizations/";

        await other.DeleteAsync(address + gent.Slug).Refused(HttpStatusCode.Forbidden);
        await other.DeleteAsync(address + lyon.Slug).Refused(HttpStatusCode.Forbidden);
        await owner.DeleteAsync(address + lyon.Slug).Refused(HttpStatusCode.Conflict);
        await owner.DeleteAsync(address + gent.Slug).Done();
        await other.DeleteAsync(address + porto.Id).Done();

        await other.GetAsync($"/api/v1/projects/{pcb.Slug}").Refused(HttpStatusCode.NotFound);
        Assert.Equal([lyon.Id], (await owner.Get<ProjectDetail>($"/api/v1/projects/{pcb.Slug}")).Organizations.Select(o => o.Id));
        Assert.Equal(2, (await owner.Get<AuditPage>($"/api/v1/organizations/{lyon.Slug}/audit?action=project.unshared")).Rows.Count);
        Assert.Single((await other.Get<AuditPage>($"/api/v1/organizations/{porto.Slug}/audit")).Rows, r => r.Action == "project.withdrawn");
    }
}

public sealed class AdministrationTestsOnSqlite(SqliteHub hub) : AdministrationTests(hub), IClassFixture<SqliteHub>;

public sealed class AdministrationTestsOnPostgres(PostgresHub hub) : AdministrationTests(hub), IClassFixture<PostgresHub>;
