using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;
using Microsoft.EntityFrameworkCore;

namespace Perenne.Hub.Tests.Organizations;

public abstract class TenancyTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_query_sees_the_rows_of_the_granted_organization_only()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        await Hub.Person("anna", Role.Annotator, @in: lyon);
        await Hub.Person("rui", Role.Annotator, @in: porto);

        List<Guid> seen = await Hub.InsideAs(lyon, db => db.Set<Membership>().Select(m => m.OrganizationId).Distinct().ToListAsync());

        Assert.Equal([lyon.Id], seen);
    }
}

public sealed class TenancyTestsOnSqlite(SqliteHub hub) : TenancyTests(hub), IClassFixture<SqliteHub>;

public sealed class TenancyTestsOnPostgres(PostgresHub hub) : TenancyTests(hub), IClassFixture<PostgresHub>;
