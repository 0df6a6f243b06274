using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Annotate;
using Perenne.Hub.Annotate.Pages;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Annotate;

public sealed class PoolTestsOnSqlite(SqliteHub hub) : PoolTests(hub), IClassFixture<SqliteHub>;

public sealed class PoolTestsOnPostgres(PostgresHub hub) : PoolTests(hub), IClassFixture<PostgresHub>;

public abstract class PoolTests(HubFixture hub) : HubTests(hub)
{
    private async Task<TestPerson> Manager(Workbench bench) => await Hub.Person("mia", Role.Manager, bench.Organization);

    private static string Campaign(Workbench bench) => $"{bench.Address}/campaigns/{bench.Campaign}";

    [Fact]
    public async Task Whoever_joins_a_team_of_the_pool_is_in_the_pool_and_can_be_paused_alone()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 4, people: 0);
        TestPerson manager = await Manager(bench), ann = await Hub.Person("ann", Role.Annotator, bench.Organization), bob = await Hub.Person("bob", Role.Annotator, bench.Organization);
        string teams = $"/api/v1/organizations/{bench.Organization.Slug}/teams";
        TeamRow team = await bench.As(manager).Post(teams, new SaveTeamRequest("Night shift", [ann.Id])).Read<TeamRow>();
        await bench.As(manager).PutAsync($"{Campaign(bench)}/teams/{team.Id}", null).Done();
        await bench.LeaseAsync(ann);
        await bench.PullAsync(bob).Refused(HttpStatusCode.Forbidden);
        await bench.As(manager).Put($"{teams}/{team.Id}", new SaveTeamRequest("Night shift", [ann.Id, bob.Id])).Done();
        await bench.LeaseAsync(bob);
        Assert.Contains(await bench.As(bob).Get<List<CampaignRow>>($"{bench.Address}/campaigns"), c => c.Id == bench.Campaign);

        await bench.As(manager).Put($"{Campaign(bench)}/members/{bob.Id}", new PoolMember(IsPaused: true)).Done();
        CampaignDetail detail = await bench.As(manager).Get<CampaignDetail>(Campaign(bench));
        Assert.Equal(["Night shift"], detail.People.Single(p => p.PersonId == ann.Id).Teams);
        Assert.True(detail.People.Single(p => p.PersonId == bob.Id).IsPaused);
        Assert.Contains("through a team", await bench.As(manager).DeleteAsync($"{Campaign(bench)}/members/{ann.Id}").Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
        await bench.As(manager).DeleteAsync($"{Campaign(bench)}/teams/{team.Id}").Done();
        Hub.Time.Skip(TimeSpan.FromHours(5));
        await bench.FinishOneAsync(ann); // What is held may be finished.
        await bench.PullAsync(ann).Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_a_person_holds_goes_to_somebody_else_and_their_draft_stays_theirs()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 6, people: 2);
        TestPerson manager = await Manager(bench);
        Lease held = await bench.LeaseAsync(bench.People[0]);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], held, 0, Workbench.Draw("half")));
        Reassigned moved = await bench.As(manager).Post($"{Campaign(bench)}/members/{bench.People[0].Id}/reassign", new ReassignRequest(bench.People[1].Id)).Read<Reassigned>();
        Assert.Equal(1, moved.Slots);
        Assert.NotEqual(held.AssignmentId, (await bench.LeaseAsync(bench.People[0])).AssignmentId);
        Assert.Equal(held.AssignmentId, (await bench.LeaseAsync(bench.People[1])).AssignmentId);
        Saved late = await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], held, 1, Workbench.Draw("late")));
        Assert.Contains("kept as your draft", late.LeaseLost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_are_moved_forward_come_first()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 90, people: 1);
        TestPerson manager = await Manager(bench);
        Guid last = await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).OrderByDescending(t => t.Place).Select(t => t.ImageId).FirstAsync());
        Assert.Equal(1, (await bench.As(manager).Put($"{Campaign(bench)}/priority", new PriorityRequest(100, [last])).Read<PriorityChanged>()).Tasks);
        Lease lease = await bench.LeaseAsync(bench.People[0]);
        Assert.Equal(last, await bench.LookAsync(db => db.Set<Assignment>().Where(a => a.Id == lease.AssignmentId).Select(a => a.Task!.ImageId).SingleAsync()));
    }

    [Fact]
    public async Task The_preview_is_what_the_pull_then_does()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 12, people: 3, new(OverlapShare: 0.5, OverlapCount: 2, ReviewShare: 0));
        TestPerson manager = await Manager(bench);
        DistributionForecast preview = await bench.As(manager).Get<DistributionForecast>($"{Campaign(bench)}/preview?minutesPerDay=60&seconds=60");
        int slots = await bench.LookAsync(db => db.Set<Assignment>().CountAsync(a => a.CampaignId == bench.Campaign));
        Assert.Equal((slots, 0), (preview.Slots, preview.LeftOver));
        Assert.Equal(slots, preview.People.Sum(p => p.Tasks));

        // Everybody works at the same pace: one each in turn, as the preview plays it.
        Dictionary<Guid, int> done = bench.People.ToDictionary(p => p.Id, _ => 0);
        for (bool any = true; any;)
        {
            any = false;
            foreach (TestPerson person in bench.People)
            {
                if ((await bench.PullAsync(person)).StatusCode == HttpStatusCode.NotFound)
                    continue;
                await bench.FinishOneAsync(person);
                (any, done[person.Id]) = (true, done[person.Id] + 1);
            }
        }

        Assert.Equal(slots, done.Values.Sum());
        Assert.All(preview.People, row => Assert.InRange(row.Tasks - done[row.PersonId], -1, 1));
    }

    [Fact]
    public async Task The_same_campaign_is_planned_in_each_of_several_organizations()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), metz = await Hub.Organization("metz"), other = await Hub.Organization("other");
        TestProject project = await Hub.Project("pcb", lyon, metz, other);
        TestPerson manager = await Hub.Person("max", Role.Manager, lyon);
        await Joins(manager, metz, Role.Manager);
        CampaignsRequest both = new([lyon.Id, metz.Id], new("November", 10));
        List<CampaignCreated> made = await Hub.As(manager).Post($"/api/v1/projects/{project.Slug}/campaigns", both).Read<List<CampaignCreated>>();
        var rows = await Hub.Inside(db => db.Set<Campaign>().Where(c => c.ProjectId == project.Id).ToListAsync());
        Assert.Equal(2, made.Count);
        Assert.Equal(new[] { lyon.Id, metz.Id }.Order(), rows.Select(r => r.OrganizationId).Order());
        Assert.NotNull(Assert.Single(rows.Select(r => r.GroupId).Distinct()));
        Assert.Contains("in which you may plan", await Hub.As(manager).Post($"/api/v1/projects/{project.Slug}/campaigns", both with { Organizations = [lyon.Id, other.Id] }).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);

        Task Joins(TestPerson person, TestOrganization organization, Role role) => Hub.Inside(async db =>
        {
            db.Add(new Membership { Id = Hub.App.Services.GetRequiredService<Perenne.Hub.Shared.IdSource>().Next(), UserId = person.Id, OrganizationId = organization.Id, Role = role, CreatedAt = Hub.Time.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task A_random_campaign_smaller_than_the_pool_is_drawn_from_all_of_it()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson manager = await Hub.Person("max", Role.Manager, organization);
        List<Guid> images = await Hub.Inside(async db =>
        {
            List<Perenne.Hub.Collect.Image> rows = [.. Enumerable.Range(0, 200).Select(i => Collect.Images.New(organization, project, i))];
            db.AddRange(rows);
            await db.SaveChangesAsync();
            return rows.Select(r => r.Id).Order().ToList();
        });
        CampaignCreated made = await Hub.As(manager).Post($"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}/campaigns",
            new CampaignDraft("Random", 40, Rules: new(Order: QueueOrder.Random), Filter: new ImageFilter())).Read<CampaignCreated>();
        Assert.Equal(40, made.Images);
        List<Guid> taken = await Hub.Inside(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == made.Id).Select(t => t.ImageId).ToListAsync());

        // The newest 40 would all lie in the last fifth; 40 of 200 at random leave a quarter empty once in 30,000 runs, and the seed of this run decides.
        int[] quarters = [.. taken.Select(id => images.IndexOf(id) / 50)];
        Assert.Equal([0, 1, 2, 3], quarters.Distinct().Order());
    }

    [Fact]
    public async Task Signing_out_gives_leases_back_at_once()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 2);
        HttpClient browser = Hub.Browser();
        await browser.PostAsync("/api/v1/sign-in", new StringContent($"{{\"email\":\"{bench.People[0].Email}\",\"password\":\"{HubFixture.Password}\"}}", System.Text.Encoding.UTF8, "application/json")).Done();
        await browser.PostAsync($"{Campaign(bench)}/next", null).Done();
        Assert.Equal(HttpStatusCode.NotFound, (await bench.PullAsync(bench.People[1])).StatusCode);
        browser.DefaultRequestHeaders.Accept.Clear();
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        string page = await browser.GetStringAsync("/work");
        string token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        HttpResponseMessage left = await browser.PostAsync("/sign-out", new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token }));
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        await bench.LeaseAsync(bench.People[1]);
    }

    [Theory]
    [InlineData("**Opens** are gaps.\n\n- wide\n- narrow", "<strong>Opens</strong>")]
    [InlineData("<script>alert(1)</script> <img src=x onerror=alert(1)>", "&lt;script&gt;")]
    public void Guidelines_are_markdown_and_never_html(string markdown, string contains) => Assert.Contains(contains, Guidelines.Html(markdown), StringComparison.Ordinal);

    [Theory]
    [InlineData("[a](javascript:alert(1))")]
    [InlineData("[a](JaVaScRiPt:alert(1))")]
    [InlineData("[a](data:text/html,x)")]
    [InlineData("[a](//elsewhere.example/x)")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("![a](javascript:alert(1))")]
    public void A_link_in_guidelines_only_leads_somewhere(string markdown)
    {
        string html = Guidelines.Html(markdown);
        Assert.DoesNotContain("href=\"j", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"j", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"data:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"//", html, StringComparison.Ordinal);
    }
}
