using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

/// <summary>The second wall: what PostgreSQL answers when the first one (the query filter) is missing.</summary>
public sealed class RowLevelSecurityTests(PostgresHub hub) : HubTests(hub), IClassFixture<PostgresHub>
{
    [Fact]
    public async Task Every_table_of_organization_owned_rows_has_a_forced_policy()
    {
        (string Table, string Column)[] expected = await Hub.Inside(db => Task.FromResult(RowLevelSecurity.ProtectedTables(db.Model).Concat(RowLevelSecurity.ProjectTables(db.Model)).Append(("projects", "id")).ToArray()));
        List<string> guarded = await Hub.Inside(db => db.Database.SqlQuery<string>(
            $"""
            SELECT c.relname AS "Value" FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
            WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polcmd = '*'
            """).ToListAsync());

        Assert.True(expected.Length >= 8);
        Assert.Contains(("schema_versions", "project_id"), expected);
        Assert.Empty(expected.Select(t => t.Table).Except(guarded));
    }

    [Fact]
    public async Task A_query_without_filters_still_sees_the_tenants_rows_only()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        await Hub.Person("anna", Role.Annotator, @in: lyon);
        await Hub.Person("rui", Role.Annotator, @in: porto);

        List<Guid> unfiltered = await Hub.InsideAs(lyon, db => db.Set<Membership>().IgnoreQueryFilters().Select(m => m.OrganizationId).ToListAsync());
        List<Guid> raw = await Hub.InsideAs(lyon, db => db.Database.SqlQueryRaw<Guid>("SELECT organization_id AS \"Value\" FROM memberships").ToListAsync());
        List<string> organizations = await Hub.InsideAs(lyon, db => db.Set<Organization>().IgnoreQueryFilters().Select(o => o.Slug).ToListAsync());

        Assert.Equal([lyon.Id], unfiltered);
        Assert.Equal([lyon.Id], raw);
        Assert.Equal([lyon.Slug], organizations);
    }

    [Fact]
    public async Task A_project_and_its_rows_are_seen_and_written_by_the_organizations_that_take_part_in_it_only()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), metz = await Hub.Organization("metz"), porto = await Hub.Organization("porto");
        TestProject shared = await Hub.Project("shared", lyon, metz), foreign = await Hub.Project("foreign", porto);
        foreach (TestProject project in new[] { shared, foreign })
            await Hub.Inside(db => db.Add(Version(project, 2)).Context.SaveChangesAsync());

        foreach (TestOrganization organization in new[] { lyon, metz })
        {
            Assert.Equal([shared.Slug], await Hub.InsideAs(organization, db => db.Set<Project>().IgnoreQueryFilters().Select(p => p.Slug).ToListAsync()));
            Assert.Equal([shared.Id], await Hub.InsideAs(organization, db => db.Set<SchemaVersion>().IgnoreQueryFilters().Select(v => v.ProjectId).Distinct().ToListAsync()));
        }

        Assert.Equal(0, await Hub.InsideAs(lyon, db => db.Database.ExecuteSqlAsync($"UPDATE projects SET name = 'mine' WHERE id = {foreign.Id}")));
        DbUpdateException refused = await Assert.ThrowsAsync<DbUpdateException>(() => Hub.InsideAs(lyon, db => db.Add(Version(foreign, 3)).Context.SaveChangesAsync()));
        Assert.Equal("42501", Assert.IsType<PostgresException>(refused.InnerException).SqlState);
    }

    private SchemaVersion Version(TestProject project, int number) => new()
    {
        Id = Hub.App.Services.GetRequiredService<IdSource>().Next(), ProjectId = project.Id, Number = number, Classes = [], CreatedBy = project.Owner.Id, CreatedByName = "tests", CreatedAt = Hub.Time.GetUtcNow(),
    };

    [Fact]
    public async Task A_tenants_connection_cannot_write_another_tenants_row()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestPerson anna = await Hub.Person("anna", Role.Annotator, @in: lyon);
        await Hub.Person("rui", Role.Annotator, @in: porto);

        DbUpdateException refused = await Assert.ThrowsAsync<DbUpdateException>(() => Hub.InsideAs(lyon, db =>
        {
            db.Add(new Membership { Id = Guid.Parse("0194d3c0-0000-7000-8000-0000000000aa"), UserId = anna.Id, OrganizationId = porto.Id, Role = Role.Administrator, CreatedAt = Hub.Time.GetUtcNow() });
            return db.SaveChangesAsync();
        }));
        PostgresException moved = await Assert.ThrowsAsync<PostgresException>(() => Hub.InsideAs(lyon, db =>
            db.Database.ExecuteSqlAsync($"UPDATE memberships SET organization_id = {porto.Id}")));
        int deleted = await Hub.InsideAs(lyon, db => db.Database.ExecuteSqlAsync($"DELETE FROM memberships WHERE organization_id = {porto.Id}"));

        Assert.Equal("42501", Assert.IsType<PostgresException>(refused.InnerException).SqlState);
        Assert.Equal("42501", moved.SqlState);
        Assert.Equal(0, deleted);
    }

    [Fact]
    public async Task A_pooled_connection_does_not_keep_the_scope_of_its_last_user()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        for (int i = 0; i < 10; i++)
        {
            TestOrganization mine = i % 2 == 0 ? lyon : porto;
            Assert.Equal([mine.Id], await Hub.InsideAs(mine, db => db.Set<Organization>().IgnoreQueryFilters().Select(o => o.Id).ToListAsync()));
        }
    }

    [Fact]
    public async Task A_connection_that_declared_nothing_sees_nothing()
    {
        await Hub.Organization("lyon");
        await using NpgsqlConnection connection = new(((PostgresHub)Hub).ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("SELECT count(*) FROM organizations", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }
}
