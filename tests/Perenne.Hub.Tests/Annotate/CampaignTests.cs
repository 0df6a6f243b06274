using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Annotate;

public sealed class CampaignTestsOnSqlite(SqliteHub hub) : CampaignTests(hub), IClassFixture<SqliteHub>;

public sealed class CampaignTestsOnPostgres(PostgresHub hub) : CampaignTests(hub), IClassFixture<PostgresHub>;

public abstract class CampaignTests(HubFixture hub) : HubTests(hub)
{
    private async Task<(TestOrganization Organization, TestProject Project, TestPerson Manager, TestPerson Annotator)> PeopleAsync(int images)
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        await Hub.Inside(async db =>
        {
            db.AddRange(Enumerable.Range(0, images).Select(i => Collect.Images.New(organization, project, i)));
            return await db.SaveChangesAsync();
        });
        return (organization, project, await Hub.Person("max", Role.Manager, organization), await Hub.Person("anna", Role.Annotator, organization));
    }

    [Fact]
    public async Task A_campaign_takes_what_its_filter_finds_up_to_the_target_and_more_when_the_target_grows()
    {
        var (organization, project, manager, annotator) = await PeopleAsync(images: 12);
        HttpClient max = Hub.As(manager);
        CampaignDraft draft = new("November", 5, Filter: new ImageFilter { Text = "board" }, People: [annotator.Id, manager.Organization!.Id]);
        CampaignCreated made = await max.Post($"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}/campaigns", draft).Read<CampaignCreated>();
        Assert.Equal(5, made.Images);
        string address = $"/api/v1/projects/{project.Slug}/campaigns/{made.Id}";
        Assert.Equal(3, (await max.Put(address, draft with { Target = 8, Filter = null }).Read<CampaignCreated>()).Images);
        Assert.Equal(4, (await max.Put(address, draft with { Target = 100, Name = "December" }).Read<CampaignCreated>()).Images);

        CampaignDetail detail = await max.Get<CampaignDetail>(address);
        Assert.Equal(("December", 12, 100), (detail.Campaign.Name, detail.Campaign.Totals.Tasks, detail.Campaign.Target));
        Assert.Equal(annotator.Id, Assert.Single(detail.People).PersonId);
        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.As(annotator).Put(address, draft)).StatusCode);
    }

    [Fact]
    public async Task A_campaign_starts_with_images_and_people_only_and_stops_when_paused()
    {
        var (organization, project, manager, annotator) = await PeopleAsync(images: 2);
        HttpClient max = Hub.As(manager);
        CampaignCreated made = await max.Post($"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}/campaigns", new CampaignDraft("November", 5)).Read<CampaignCreated>();
        string address = $"/api/v1/projects/{project.Slug}/campaigns/{made.Id}";
        Task<HttpResponseMessage> Set(string state) => max.Put(address + "/state", new { state });
        Assert.Contains("Nobody is in the pool", await Set("running").Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await max.Put($"{address}/members/{annotator.Id}", new PoolMember()).Done();
        Assert.Contains("no images yet", await Set("running").Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await max.Put(address, new CampaignDraft("November", 5, Filter: new())).Done();
        await Set("running").Done();
        HttpClient anna = Hub.As(annotator);
        await anna.PostAsync(address + "/next", null).Done();

        await max.Put($"{address}/members/{annotator.Id}", new PoolMember(IsPaused: true)).Done();
        Assert.Equal(200, (int)(await anna.PostAsync(address + "/next", null)).StatusCode); // What is leased may be finished.
        await Set("paused").Done();
        await max.DeleteAsync($"{address}/members/{annotator.Id}").Done();
        await Set("finished").Done();
        Assert.Contains("does not become a draft", await Set("draft").Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_runs_low_takes_in_images_that_arrived_meanwhile_and_never_passes_its_target()
    {
        var (organization, project, manager, annotator) = await PeopleAsync(images: 1);
        HttpClient max = Hub.As(manager), anna = Hub.As(annotator);
        CampaignDraft draft = new("Stream", 3, Rules: new(ReviewShare: 0, TopUpBelow: 2), Filter: new(), People: [annotator.Id]);
        CampaignCreated made = await max.Post($"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}/campaigns", draft).Read<CampaignCreated>();
        Assert.Equal(1, made.Images);
        string address = $"/api/v1/projects/{project.Slug}";
        await max.Put($"{address}/campaigns/{made.Id}/state", new { state = "running" }).Done();
        await Hub.Inside(async db =>
        {
            db.AddRange(Enumerable.Range(10, 5).Select(i => Collect.Images.New(organization, project, i)));
            return await db.SaveChangesAsync();
        });
        for (int i = 0; i < 3; i++)
        {
            Lease lease = await anna.PostAsync($"{address}/campaigns/{made.Id}/next", null).Read<Lease>();
            await anna.Post($"{address}/tasks/{lease.AssignmentId}/operations", new { lease.Fence, baseRevision = 0, operations = new[]
            {
                new { id = "v", at = DateTimeOffset.UnixEpoch, activeMilliseconds = 1, changes = new[] { new { type = "verdict", verdict = "no_defect" } } },
            } }).Done();
            await anna.Post($"{address}/tasks/{lease.AssignmentId}/submit", new { id = "s", lease.Fence, baseRevision = 1, activeMilliseconds = 1 }).Done();
        }

        Assert.Contains("All images", await anna.PostAsync($"{address}/campaigns/{made.Id}/next", null).Refused(HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Equal(3, await Hub.Inside(db => db.Set<AnnotationTask>().CountAsync(t => t.CampaignId == made.Id)));
    }

    [Fact]
    public async Task The_task_that_was_foreseen_is_the_one_that_comes_next()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 30, people: 1);
        HttpClient anna = bench.As(bench.People[0]);
        List<UpcomingTask> foreseen = await anna.Get<List<UpcomingTask>>($"{bench.Address}/campaigns/{bench.Campaign}/upcoming");
        Assert.Equal(3, foreseen.Count);
        Lease lease = await anna.PostAsync($"{bench.Address}/campaigns/{bench.Campaign}/next?prefer={foreseen[1].AssignmentId}&prefer={foreseen[0].AssignmentId}", null).Read<Lease>();
        Assert.Equal(foreseen[1].AssignmentId, lease.AssignmentId);
    }

    [Fact]
    public async Task The_canvas_gets_the_callers_own_task_and_no_other()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 2, people: 2);
        Lease lease = await bench.LeaseAsync(bench.People[0]);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], lease, 0, Workbench.Draw("mine")));
        string address = $"{bench.Address}/tasks/{lease.AssignmentId}";
        TaskView view = await bench.As(bench.People[0]).Get<TaskView>(address);
        Assert.Equal((lease.Fence.ToString(System.Globalization.CultureInfo.InvariantCulture), 1, "annotate", "plain"), (view.Lease, view.Revision, view.Mode, view.Image.Type));
        Assert.Equal("mine", Assert.Single(view.Document.Shapes).Id);
        Assert.Equal(HttpStatusCode.NotFound, (await bench.As(bench.People[1]).GetAsync(address)).StatusCode);
    }

    [Fact]
    public void The_forecast_is_the_pace_of_the_last_days()
    {
        DateOnly today = new(2026, 3, 10);
        Dictionary<DateOnly, int> answers = new() { [new(2026, 3, 1)] = 500, [new(2026, 3, 7)] = 30, [new(2026, 3, 9)] = 50 };
        Forecast forecast = Forecast.Of(today, answers, 1, done: 80, target: 200, due: new(2026, 3, 15));
        Assert.Equal((20, new DateOnly(2026, 3, 16), 20.0), (forecast.PerDay, forecast.DoneOn, forecast.NeededPerDay));
        Assert.Equal(10, Forecast.Of(today, answers, 2, 80, 200, null).PerDay);
        Assert.Null(Forecast.Of(today, new Dictionary<DateOnly, int>(), 1, 0, 200, null).DoneOn);
        Assert.Equal(today, Forecast.Of(today, answers, 1, 200, 200, null).DoneOn);
    }
}
