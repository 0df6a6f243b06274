using System.Net;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public abstract class AuditTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task The_log_is_read_page_by_page_without_gaps_or_repeats_and_as_csv()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        HttpClient chief = Hub.As(await Hub.Person("chief", Role.Administrator, @in: lyon));
        string address = $"/api/v1/organizations/{lyon.Slug}";
        for (int i = 0; i < 12; i++)
            await chief.Post(address + "/teams", new { name = i == 7 ? "=HYPERLINK(\"x\")" : $"team {i}" }).Done();

        List<string> subjects = [];
        Guid? next = null;
        do
        {
            AuditPage page = await chief.Get<AuditPage>($"{address}/audit?take=5{(next is null ? "" : "&before=" + next)}");
            Assert.InRange(page.Rows.Count, 1, 5);
            subjects.AddRange(page.Rows.Select(r => r.Subject));
            next = page.Next;
        }
        while (next is not null);
        string csv = await chief.GetStringAsync(address + "/audit.csv");

        Assert.Equal(12, subjects.Count);
        Assert.Equal(12, subjects.Distinct().Count());
        Assert.Equal(13, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"'=HYPERLINK(\"\"x\"\")\"", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_change_leaves_no_entry()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        HttpClient chief = Hub.As(await Hub.Person("chief", Role.Administrator, @in: lyon));
        string address = $"/api/v1/organizations/{lyon.Slug}";
        await chief.Post(address + "/teams", new { name = "night" }).Done();
        await chief.Post(address + "/teams", new { name = "night" }).Refused(HttpStatusCode.Conflict);

        Assert.Single((await chief.Get<AuditPage>(address + "/audit")).Rows, r => r is { Action: "team.created", Actor: "chief", Origin: "127.0.0.1" });
    }

    [Fact]
    public async Task Changes_of_roles_say_what_they_were_before()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson boss = await Hub.Person("chief", Role.Administrator, @in: lyon), anna = await Hub.Person("anna", Role.Annotator, @in: lyon);
        HttpClient chief = Hub.As(boss);
        string address = $"/api/v1/organizations/{lyon.Slug}";
        Guid membership = (await chief.Get<List<MemberRow>>(address + "/members")).Single(m => m.UserId == anna.Id).MembershipId;
        await chief.Put($"{address}/members/{membership}", new { role = "reviewer" }).Done();
        await chief.DeleteAsync($"{address}/members/{membership}").Done();

        List<AuditRow> rows = [.. (await chief.Get<AuditPage>(address + "/audit?action=membership")).Rows.OrderBy(r => r.Action)];
        Assert.Equal(["membership.changed", "membership.removed"], rows.Select(r => r.Action));
        Assert.Contains("\"before\":{\"role\":\"annotator\"", rows[0].Detail, StringComparison.Ordinal);
        Assert.Contains("\"after\":{\"role\":\"reviewer\"", rows[0].Detail, StringComparison.Ordinal);
    }
}

public sealed class AuditTestsOnSqlite(SqliteHub hub) : AuditTests(hub), IClassFixture<SqliteHub>;

public sealed class AuditTestsOnPostgres(PostgresHub hub) : AuditTests(hub), IClassFixture<PostgresHub>;
