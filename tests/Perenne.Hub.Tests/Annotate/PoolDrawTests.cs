using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Annotate;

public sealed class FarApartTests
{
    [Fact]
    public void Every_look_comes_once_before_any_comes_twice()
    {
        Random random = new(3);
        long[] looks = [.. Enumerable.Range(0, 8).Select(_ => random.NextInt64())];
        long[] pool = [.. Enumerable.Range(0, 400).Select(i => looks[i % 8 == 0 ? 0 : random.Next(8)] ^ (1L << random.Next(64)))];
        int[] chosen = FarApart.Choose(pool, [], 8);
        Assert.Equal(8, chosen.Select(i => LookOf(pool[i])).Distinct().Count());
        int[] beside = FarApart.Choose(pool, looks.AsSpan(0, 5), 3); // What the campaign has already is not looked for again.
        Assert.Equal([5, 6, 7], beside.Select(i => LookOf(pool[i])).Order());
        Assert.Equal(400, FarApart.Choose(pool, [], 1000).Distinct().Count());

        int LookOf(long hash) => Enumerable.Range(0, 8).MinBy(k => System.Numerics.BitOperations.PopCount((ulong)(looks[k] ^ hash)));
    }
}

public abstract class PoolDrawTests(HubFixture hub) : HubTests(hub)
{
    private sealed record Desk(TestOrganization Organization, TestProject Project, TestPerson Manager, List<Image> Images)
    {
        public string Root => $"/api/v1/organizations/{Organization.Slug}/projects/{Project.Slug}";
    }

    private async Task<Desk> StartAsync(int images, Func<int, long>? look = null)
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson manager = await Hub.Person("max", Role.Administrator, organization);
        await Hub.As(manager).Put($"/api/v1/projects/{project.Slug}/schema", new
        {
            basedOn = 0, classes = new[] { new LabelClass(Guid.Empty, "open", "#e03131", null, "", [], []), new LabelClass(Guid.Empty, "short", "#1971c2", null, "", [], []) },
        }).Done();
        List<Image> rows = [.. Enumerable.Range(0, images).Select(i => Collect.Images.New(organization, project, i, look?.Invoke(i)))];
        await Hub.Inside(async db =>
        {
            db.AddRange(rows);
            return await db.SaveChangesAsync();
        });
        return new(organization, project, manager, rows);
    }

    private async Task ProposeAsync(Desk desk, params (int Image, string Label, double Score)[] proposals) => await Hub.As(desk.Manager).PostAsJsonAsync($"{desk.Root}/annotations/proposals", new AnnotationImport(
        [.. proposals.Select(p => new ImportedAnnotation(desk.Images[p.Image].ContentHash, AnnotationDocument.Empty with { Shapes = [new DocumentBox("p", p.Label, [1, 1, 20, 20]) { Score = p.Score }] }))]), AnnotationJson.Options).Done();

    private async Task<Guid> PlanAsync(Desk desk, int target, CampaignRules rules, params TestPerson[] people)
    {
        CampaignCreated made = await Hub.As(desk.Manager).Post($"{desk.Root}/campaigns", new CampaignDraft("November", target, Rules: rules, Filter: new ImageFilter(), People: [.. people.Select(p => p.Id)])).Read<CampaignCreated>();
        Assert.Equal(Math.Min(target, desk.Images.Count), made.Images);
        if (people.Length > 0)
            await Hub.As(desk.Manager).Put($"/api/v1/projects/{desk.Project.Slug}/campaigns/{made.Id}/state", new { state = "running" }).Done();
        return made.Id;
    }

    private Task<List<int>> QueueAsync(Desk desk, Guid campaign) => Hub.Inside(async db =>
    {
        List<Guid> order = await db.Set<Assignment>().Where(a => a.CampaignId == campaign).OrderBy(a => a.QueueKey).Select(a => a.Task!.ImageId).ToListAsync();
        return order.ConvertAll(id => desk.Images.FindIndex(i => i.Id == id));
    });

    [Fact]
    public async Task Uncertain_first_takes_what_the_model_doubts_and_newer_proposals_move_what_waits()
    {
        Desk desk = await StartAsync(8);
        await ProposeAsync(desk, (2, "open", 0.99), (5, "open", 0.52), (6, "short", 0.8));
        Guid campaign = await PlanAsync(desk, 4, new(Order: QueueOrder.Uncertain, ReviewShare: 0));
        List<int> queue = await QueueAsync(desk, campaign);
        Assert.Equal([5, 6, 2], queue.Take(3)); // Doubtful first; without proposals last.
        Assert.Equal(4, queue.Count);

        await ProposeAsync(desk, (2, "open", 0.5));
        Assert.Equal([2, 5, 6], (await QueueAsync(desk, campaign)).Take(3));
    }

    [Fact]
    public async Task Diverse_first_takes_one_of_each_look_before_a_second_of_any()
    {
        Random random = new(5);
        long[] looks = [.. Enumerable.Range(0, 4).Select(_ => random.NextInt64())];
        Desk desk = await StartAsync(60, i => looks[i < 48 ? 0 : (i - 48) % 4] ^ (1L << (i % 60)));
        List<int> queue = await QueueAsync(desk, await PlanAsync(desk, 10, new(Order: QueueOrder.Diverse, ReviewShare: 0)));
        Assert.Equal(10, queue.Count);
        Assert.Equal([0, 1, 2, 3], queue.Take(4).Select(i => i < 48 ? 0 : (i - 48) % 4).Order());
    }

    [Fact]
    public async Task Who_judges_only_some_classes_gets_no_image_proposed_as_another()
    {
        Desk desk = await StartAsync(6);
        await ProposeAsync(desk, (0, "short", 0.9), (1, "short", 0.9), (2, "open", 0.9));
        TestPerson ann = await Hub.Person("ann", Role.Annotator, desk.Organization), bob = await Hub.Person("bob", Role.Annotator, desk.Organization);
        Guid campaign = await PlanAsync(desk, 6, new(ReviewShare: 0), ann, bob);
        string api = $"/api/v1/projects/{desk.Project.Slug}";
        await Hub.As(desk.Manager).Put($"{api}/campaigns/{campaign}/members/{ann.Id}", new PoolMember(Classes: ["open"])).Done();
        List<int> got = [];
        while (await Hub.As(ann).PostAsync($"{api}/campaigns/{campaign}/next", null) is { IsSuccessStatusCode: true } pulled)
        {
            Lease lease = await Workbench.ReadAsync<Lease>(pulled);
            got.Add(desk.Images.FindIndex(i => i.Id == Hub.Inside(db => db.Set<Assignment>().Where(a => a.Id == lease.AssignmentId).Select(a => a.Task!.ImageId).SingleAsync()).GetAwaiter().GetResult()));
            await Hub.As(ann).Post($"{api}/tasks/{lease.AssignmentId}/skip", new { Id = "k" + lease.Fence + lease.AssignmentId.ToString("N")[..8], lease.Fence, BaseRevision = 0, ActiveMilliseconds = 10, Reason = "blurred" }).Done();
        }

        Assert.Equal([2, 3, 4, 5], got.Order());
        Assert.True((await Hub.As(bob).PostAsync($"{api}/campaigns/{campaign}/next", null)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task What_was_begun_before_the_lease_passed_on_is_listed_can_be_read_and_gone_on_with()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 2);
        (TestPerson ann, TestPerson bob) = (bench.People[0], bench.People[1]);
        Lease mine = await bench.LeaseAsync(ann);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(ann, mine, 0, Workbench.Draw("half")));
        Assert.Empty(await bench.As(ann).Get<List<DraftRow>>($"{bench.Address}/drafts")); // Still hers.
        Hub.Time.Skip(TimeSpan.FromMinutes(31));
        Lease theirs = await bench.LeaseAsync(bob);
        DraftRow draft = Assert.Single(await bench.As(ann).Get<List<DraftRow>>($"{bench.Address}/drafts"));
        Assert.Equal((bench.Campaign, 1, false), (draft.CampaignId, draft.Shapes, draft.IsFree));
        Assert.Empty(await bench.As(bob).Get<List<DraftRow>>($"{bench.Address}/drafts"));
        TaskView seen = await bench.As(ann).Get<TaskView>($"{bench.Address}/tasks/{draft.AssignmentId}");
        Assert.Equal(("view", "half"), (seen.Mode, Assert.Single(seen.Document.Shapes).Id));
        string page = await (await bench.As(ann).GetAsync("/work")).Content.ReadAsStringAsync();
        Assert.Contains($"annotate?task={draft.AssignmentId}", page, StringComparison.Ordinal);

        await bench.As(bob).Post($"{bench.Address}/tasks/{theirs.AssignmentId}/release", new { theirs.Fence }).Done();
        Assert.True(Assert.Single(await bench.As(ann).Get<List<DraftRow>>($"{bench.Address}/drafts")).IsFree);
        Lease again = await Workbench.ReadAsync<Lease>(await bench.As(ann).PostAsync($"{bench.Address}/campaigns/{bench.Campaign}/next?prefer={draft.AssignmentId}", null));
        Assert.Equal("half", Assert.Single((await bench.As(ann).Get<TaskView>($"{bench.Address}/tasks/{again.AssignmentId}")).Document.Shapes).Id);
    }

    [Fact]
    public async Task Two_hundred_people_fit_on_the_campaigns_pages()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 3, people: 0);
        TestPerson manager = await Hub.Person("mia", Role.Manager, bench.Organization), last = await Hub.Person("Zoltan Quist", Role.Annotator, bench.Organization);
        List<TestPerson> people = [last];
        for (int i = 1; i < 200; i++)
            people.Add(await Hub.Person($"person {i:000}", Role.Annotator, bench.Organization));
        await Hub.Inside(async db =>
        {
            foreach (TestPerson person in people)
                db.Add(new CampaignMember { CampaignId = bench.Campaign, PersonId = person.Id, OrganizationId = bench.Organization.Id, AddedAt = Hub.Time.GetUtcNow(), IsPaused = person == last });
            return await db.SaveChangesAsync();
        });
        string root = $"/projects/{bench.Project.Slug}/campaigns/{bench.Campaign}";
        foreach (string address in new[] { root, root + "/progress" })
        {
            string page = await PageAsync(manager, address), next = page[(page.IndexOf("rel=\"next\"", StringComparison.Ordinal) + 10)..];
            Assert.InRange(page.Length, 10_000, 250_000);
            Assert.Contains("person 049", page, StringComparison.Ordinal);
            Assert.DoesNotContain("person 051", page, StringComparison.Ordinal);
            string href = WebUtility.HtmlDecode(next[(next.IndexOf("href=\"", StringComparison.Ordinal) + 6)..]);
            Assert.Contains("person 051", await PageAsync(manager, href[..href.IndexOf('"')]), StringComparison.Ordinal);
            Assert.Contains("Zoltan Quist", await PageAsync(manager, address + "?who=quist"), StringComparison.Ordinal);
        }

        Assert.Contains("person-title\">Zoltan Quist", await PageAsync(manager, $"{root}?person={last.Id}"), StringComparison.Ordinal);
        string campaigns = await PageAsync(manager, "/campaigns?state=Running&text=NOVEM");
        Assert.Contains(bench.Campaign.ToString(), campaigns, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Campaign.ToString(), await PageAsync(manager, "/campaigns?state=Paused"), StringComparison.Ordinal);
    }

    private async Task<string> PageAsync(TestPerson person, string address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address) { Headers = { { "Accept", "text/html" } } };
        using HttpResponseMessage answer = await Hub.As(person).SendAsync(request);
        string page = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, page);
        return page;
    }
}

public sealed class PoolDrawTestsOnSqlite(SqliteHub hub) : PoolDrawTests(hub), IClassFixture<SqliteHub>;

public sealed class PoolDrawTestsOnPostgres(PostgresHub hub) : PoolDrawTests(hub), IClassFixture<PostgresHub>;
