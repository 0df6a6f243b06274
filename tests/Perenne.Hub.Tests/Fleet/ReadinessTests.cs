using System.Net;
using Perenne.Hub.Fleet;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Fleet;

public abstract class ReadinessTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task What_a_plant_states_gives_the_people_it_needs_and_the_planner_starts_from_it()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        HttpClient manager = Hub.As(await Hub.Person("mia", Role.Manager, lyon));
        await Hub.Person("anna", Role.Annotator, lyon);
        string api = $"/api/v1/projects/{pcb.Slug}", outlook = $"/api/v1/organizations/{lyon.Slug}/projects/{pcb.Slug}/outlook";
        ReadinessRow before = Assert.Single(await manager.Get<List<ReadinessRow>>($"{api}/readiness"), r => r.OrganizationId == lyon.Id);
        await manager.Put(outlook, new OutlookDraft(Sites: 0)).Refused(HttpStatusCode.BadRequest);
        await manager.Put(outlook, new OutlookDraft(4, 6, 12, 2, 5)).Done();
        await manager.Put(outlook, new OutlookDraft(4, 6, 12, 3, 5)).Done();
        ReadinessRow after = Assert.Single(await manager.Get<List<ReadinessRow>>($"{api}/readiness"), r => r.OrganizationId == lyon.Id);
        string planner = await manager.GetStringAsync($"/projects/{pcb.Slug}/capacity");
        HttpClient annotator = Hub.As(await Hub.Person("anton", Role.Annotator, lyon)), neighbour = Hub.As(await Hub.Person("noa", Role.Manager, porto));
        await annotator.Put(outlook, new OutlookDraft()).Refused(HttpStatusCode.Forbidden);
        await neighbour.Put(outlook, new OutlookDraft()).Refused(HttpStatusCode.NotFound);

        Assert.Null(before.Needed);
        Assert.Equal(ReadinessItem.Outlook, before.Steps.First(s => !s.IsDone).Item);
        // 57,600 images a year, 1,107.7 a week, 1.2 answers each: 22.2 h of drawing and 0.6 h of reviewing in weeks of 5 h.
        Assert.Equal((57_600, 5), (after.Needed!.ImagesPerYear, after.Needed.Annotators));
        Assert.Equal("5 people are needed for what changes there, 3 are available. Find more, or plan more hours for each.", after.Steps.Single(s => s.Item == ReadinessItem.Annotators).Words);
        Assert.Contains("Filled in from what 1 organization said of itself.", planner, StringComparison.Ordinal);
        Assert.Contains("value=\"6\"", planner, StringComparison.Ordinal);
        Assert.DoesNotContain(await neighbour.Get<List<ReadinessRow>>($"{api}/readiness"), r => r.OrganizationId == lyon.Id);
    }

    [Fact]
    public async Task The_board_shows_the_projects_that_somebody_works_for_and_readiness_to_those_who_plan()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon), valves = await Hub.Project("valves", lyon);
        HttpClient guest = Hub.As(await Hub.Person("gus", Role.Annotator, lyon, on: pcb)), manager = Hub.As(await Hub.Person("mia", Role.Manager, lyon));

        FleetRow seen = Assert.Single(await guest.Get<List<FleetRow>>("/api/v1/fleet"));
        List<FleetRow> all = await manager.Get<List<FleetRow>>("/api/v1/fleet");

        Assert.Equal((pcb.Id, null), (seen.ProjectId, seen.Readiness));
        Assert.Equal([pcb.Id, valves.Id], all.Select(r => r.ProjectId).Order());
        Assert.All(all, r => Assert.NotNull(r.Readiness));
    }
}

public sealed class ReadinessOnSqlite(SqliteHub hub) : ReadinessTests(hub), IClassFixture<SqliteHub>;

public sealed class ReadinessOnPostgres(PostgresHub hub) : ReadinessTests(hub), IClassFixture<PostgresHub>;

public sealed class ReadinessRulesTests
{
    private static readonly ReadinessFacts Ready = new(new(1, 2, 2, 2, 6), 30, 2, 1, 4, 100, 50, 1, 3, 1, true);

    [Fact]
    public void A_plant_that_has_everything_is_ready() => Assert.All(ReadinessRules.Of(Ready), step => Assert.True(step.IsDone, step.Words));

    [Fact]
    public void Two_people_are_the_least_because_nobody_agrees_with_himself() =>
        Assert.False(ReadinessRules.Of(Ready with { Outlook = null, AnnotatorAccounts = 1 }).Single(s => s.Item == ReadinessItem.Annotators).IsDone);

    [Fact]
    public void Plants_together_are_the_sum_of_their_sites_and_the_average_of_the_rest()
    {
        CapacityQuestion all = OutlookDraft.Together([new(1, 2, 12, 2, 4), new(3, 6, 4, 6, 8)])!;
        Assert.Equal((4, 5, 4.8, 7), (all.Sites, all.Variants, all.ChangesPerYear, all.HoursPerPerson));
        Assert.Null(OutlookDraft.Together([]));
    }
}
