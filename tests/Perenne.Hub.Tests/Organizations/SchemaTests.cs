using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public abstract class SchemaTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Classes_are_merged_retired_and_brought_back_without_losing_their_ids()
    {
        (HttpClient client, string address) = await NewProject();
        SchemaRow first = await Save(client, address, 0, New("open", "1"), New("short", "2"), New("mousebite", "3")).Read<SchemaRow>();
        Guid open = first.Classes[0].Id, mouse = first.Classes[2].Id;

        SchemaRow merged = await client.Post(address + "/changes", new { basedOn = 1, operation = "merge", @class = mouse, into = open }).Read<SchemaRow>();
        SchemaRow retired = await client.Post(address + "/changes", new { basedOn = 2, operation = "retire", @class = open }).Read<SchemaRow>();
        SchemaRow restored = await client.Post(address + "/changes", new { basedOn = 3, operation = "restore", version = 1 }).Read<SchemaRow>();

        Assert.Equal(open, SchemaEdits.Resolve(merged.Classes, mouse));
        Assert.Equal([false, true, false], retired.Classes.Select(c => c.IsOffered));
        Assert.Equal([true, true, true], restored.Classes.Select(c => c.IsOffered));
        Assert.Equal(first.Classes.Select(c => c.Id), restored.Classes.Select(c => c.Id));
        Assert.Equal([4, 3, 2, 1], (await client.Get<List<SchemaVersionRow>>(address + "/versions")).Select(v => v.Number));
        Assert.Equal(mouse, (await client.Get<SchemaRow>(address + "/versions/2")).Classes.Single(c => c.MergedInto == open).Id);
    }

    [Fact]
    public async Task Of_two_administrators_who_save_at_once_one_is_told_what_happened()
    {
        (HttpClient client, string address) = await NewProject();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Save(client, address, 0, New($"class {i}", null))));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.Conflict, 4)], answers.Select(a => a.StatusCode).Order());
        string sentence = await Task.FromResult(answers.First(a => a.StatusCode == HttpStatusCode.Conflict)).Refused(HttpStatusCode.Conflict);
        Assert.Contains("Nothing of yours was saved", sentence, StringComparison.Ordinal);
        Assert.Single((await client.Get<SchemaRow>(address)).Classes);
    }

    [Fact]
    public async Task A_plant_that_only_runs_the_project_cannot_change_its_schema()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", owner: lyon, porto);
        HttpClient guest = Hub.As(await Hub.Person("rui", Role.DataScientist, @in: porto));

        await Save(guest, $"/api/v1/projects/{pcb.Slug}/schema", 0, New("open", null)).Refused(HttpStatusCode.Forbidden);
        await guest.GetAsync($"/api/v1/projects/{pcb.Slug}/schema").Done();
    }

    [Fact]
    public async Task A_change_of_the_schema_is_in_the_audit_log_with_what_changed()
    {
        (HttpClient client, string address) = await NewProject();
        SchemaRow first = await Save(client, address, 0, New("open", null), New("short", null)).Read<SchemaRow>();
        await Save(client, address, 1, first.Classes[0], first.Classes[1] with { Name = "bridge" }).Done();

        AuditEntry entry = await Hub.Inside(db => db.Set<AuditEntry>().Where(e => e.Action == "schema.changed" && e.Subject.EndsWith("version 2")).OrderByDescending(e => e.Id).FirstAsync());

        Assert.Equal("dora", entry.ActorName);
        Assert.Equal("127.0.0.1", entry.Origin);
        Assert.Contains("\"short\"", entry.Detail, StringComparison.Ordinal);
        Assert.Contains("\"bridge\"", entry.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("\"open\"", entry.Detail, StringComparison.Ordinal);
    }

    private async Task<(HttpClient Client, string Address)> NewProject()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", owner: lyon);
        return (Hub.As(await Hub.Person("dora", Role.DataScientist, @in: lyon)), $"/api/v1/projects/{pcb.Slug}/schema");
    }

    private static LabelClass New(string name, string? key) => new(Guid.Empty, name, "#e03131", key, "", [], []);

    private static Task<HttpResponseMessage> Save(HttpClient client, string address, int basedOn, params LabelClass[] classes) => client.Put(address, new { basedOn, classes });
}

public sealed class SchemaTestsOnSqlite(SqliteHub hub) : SchemaTests(hub), IClassFixture<SqliteHub>;

public sealed class SchemaTestsOnPostgres(PostgresHub hub) : SchemaTests(hub), IClassFixture<PostgresHub>;
