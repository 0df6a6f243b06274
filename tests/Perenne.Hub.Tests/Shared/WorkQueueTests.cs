using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Tests.Shared;

public abstract class WorkQueueTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Two_claims_at_once_never_take_the_same_work()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        WorkQueue queue = Hub.App.Services.GetRequiredService<WorkQueue>();
        await Hub.Inside(async db =>
        {
            await db.Set<WorkItem>().ExecuteDeleteAsync();
            for (int i = 0; i < 60; i++)
                await queue.AddAsync(db, organization.Id, "never-run", new Guid(i, 0, 0, new byte[8]), default, TimeSpan.FromHours(1));
            return 0;
        });
        Hub.Time.Skip(TimeSpan.FromHours(2));
        List<WorkItem>[] claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Hub.Inside(db => queue.ClaimAsync(db, ["never-run"], 20, default))));
        List<Guid> claimed = [.. claims.SelectMany(c => c).Select(c => c.SubjectId)];
        Assert.Equal(60, claimed.Count);
        Assert.Equal(60, claimed.Distinct().Count());
    }

    [Fact]
    public async Task A_claim_never_takes_more_than_its_limit_whatever_plan_the_database_chooses()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        WorkQueue queue = Hub.App.Services.GetRequiredService<WorkQueue>();
        int[] claimed = await Hub.Inside(async db =>
        {
            for (int i = 0; i < 8; i++)
                await queue.AddAsync(db, organization.Id, "one-at-a-time", new Guid(i, 0, 0, new byte[8]), default);
            await db.Database.OpenConnectionAsync();
            // The plans that PostgreSQL takes for small tables now and then: the choice runs again for each row.
            if (db.Database.IsNpgsql())
                await db.Database.ExecuteSqlRawAsync("SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_hashagg = off; SET enable_material = off; SET enable_indexscan = off; SET enable_bitmapscan = off");
            List<int> counts = [];
            for (int i = 0; i < 8; i++)
                counts.Add((await queue.ClaimAsync(db, ["one-at-a-time"], 1, default)).Count);
            if (db.Database.IsNpgsql())
                await db.Database.ExecuteSqlRawAsync("RESET ALL");
            return counts.ToArray();
        });
        Assert.Equal(Enumerable.Repeat(1, 8), claimed);
    }

    [Fact]
    public async Task Asking_twice_for_the_same_work_is_one_item()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        WorkQueue queue = Hub.App.Services.GetRequiredService<WorkQueue>();
        int items = await Hub.Inside(async db =>
        {
            for (int i = 0; i < 3; i++)
                await queue.AddAsync(db, organization.Id, "never-due", organization.Id, default, TimeSpan.FromDays(9000));
            return await db.Set<WorkItem>().CountAsync(w => w.SubjectId == organization.Id);
        });
        Assert.Equal(1, items);
    }

    [Fact]
    public async Task A_lost_lease_finishes_nothing_and_work_that_keeps_failing_is_kept_with_its_reason()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        WorkQueue queue = Hub.App.Services.GetRequiredService<WorkQueue>();
        WorkItem item = await Hub.Inside(async db =>
        {
            await queue.AddAsync(db, organization.Id, "never-due", organization.Id, default, TimeSpan.FromDays(9000));
            return await db.Set<WorkItem>().AsNoTracking().SingleAsync(w => w.SubjectId == organization.Id);
        });
        WorkItem lost = new() { Id = item.Id, OrganizationId = item.OrganizationId, Kind = item.Kind, SubjectId = item.SubjectId, DueAt = 0, LeaseId = organization.Id };
        WorkItem after = await Hub.Inside(async db =>
        {
            await WorkQueue.DoneAsync(db, lost, default);
            item.Attempts = WorkQueue.MaxAttempts;
            await queue.RetryAsync(db, item, "the disk is full", default);
            return await db.Set<WorkItem>().AsNoTracking().SingleAsync(w => w.SubjectId == organization.Id);
        });
        Assert.True(after.Failed);
        Assert.Equal("the disk is full", after.LastError);
    }
}

public sealed class WorkQueueOnSqlite(SqliteHub hub) : WorkQueueTests(hub), IClassFixture<SqliteHub>;

public sealed class WorkQueueOnPostgres(PostgresHub hub) : WorkQueueTests(hub), IClassFixture<PostgresHub>;
