using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Annotate;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Annotate;

namespace Perenne.Hub.Tests.Share;

public abstract class AnnotationListTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_cursor_fetches_only_what_changed_after_it_and_a_rejected_answer_comes_as_withdrawn()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 5, people: 1, new CampaignRules(ReviewShare: 1));
        TestPerson reviewer = await bench.ReviewerAsync(), reader = await Hub.Person("ada", Role.DataScientist, bench.Organization);
        for (int i = 0; i < 3; i++)
            await bench.FinishOneAsync(bench.People[0]);
        JsonElement first = await Page(bench, reader, "state=submitted&size=2");
        JsonElement second = await Page(bench, reader, "state=submitted&size=2&since=" + first.GetProperty("since").GetString());
        Assert.Equal((2, true, 1, false), (Count(first), first.GetProperty("more").GetBoolean(), Count(second), second.GetProperty("more").GetBoolean()));
        Assert.Equal(0, Count(await Page(bench, reader, "state=groundTruth")));

        JsonElement review = await bench.As(reviewer).PostAsync($"{bench.Address}/reviews/next", null).Read<JsonElement>();
        Guid assignment = review.GetProperty("assignmentId").GetGuid();
        await bench.As(reviewer).Post($"{bench.Address}/reviews/{assignment}/reject", new { Id = "d1", BaseRevision = 2, Comments = new[] { new { At = new[] { 1.0, 1.0 }, Text = "Too large." } } }).Done();
        JsonElement after = await Page(bench, reader, "state=submitted&since=" + second.GetProperty("since").GetString());
        JsonElement rejected = Assert.Single(after.GetProperty("annotations").EnumerateArray());
        Assert.Equal((true, "rejected", JsonValueKind.Null), (rejected.GetProperty("withdrawn").GetBoolean(), rejected.GetProperty("verdict").GetString(), rejected.GetProperty("document").ValueKind));
        JsonElement nothing = await Page(bench, reader, "state=submitted&since=" + after.GetProperty("since").GetString());
        Assert.Equal((0, after.GetProperty("since").GetString()), (Count(nothing), nothing.GetProperty("since").GetString()));
    }

    [Fact]
    public async Task Ground_truth_carries_its_document_its_image_and_its_campaign()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 2, people: 1);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, bench.Organization);
        await bench.FinishOneAsync(bench.People[0]);
        JsonElement one = Assert.Single((await Page(bench, reader, "campaign=" + bench.Campaign)).GetProperty("annotations").EnumerateArray());
        Assert.Equal(("groundTruth", bench.Campaign, bench.Organization.Slug, 640), (one.GetProperty("state").GetString(), one.GetProperty("campaignId").GetGuid(), one.GetProperty("organization").GetString(), one.GetProperty("width").GetInt32()));
        Assert.Equal(20, one.GetProperty("document").GetProperty("shapes")[0].GetProperty("box")[2].GetDouble());
        Assert.Equal(0, Count(await Page(bench, reader, "campaign=" + Guid.Empty)));
    }

    [Fact]
    public async Task What_is_not_a_cursor_or_a_size_is_refused_with_a_sentence_and_other_organizations_stay_unseen()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, bench.Organization);
        TestOrganization porto = await Hub.Organization("porto");
        TestPerson stranger = await Hub.Person("rui", Role.DataScientist, porto);
        await bench.FinishOneAsync(bench.People[0]);
        Assert.Contains("cursor", await Hub.As(reader).GetAsync(bench.Address + "/annotations?since=banana").Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("1 to 1000", await Hub.As(reader).GetAsync(bench.Address + "/annotations?size=0").Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await Hub.As(stranger).GetAsync(bench.Address + "/annotations").Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_newest_change_that_is_changed_again_comes_again()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, organization);
        Guid[] images = await Hub.Inside(async db =>
        {
            Perenne.Hub.Collect.Image[] rows = [.. Enumerable.Range(0, 2).Select(i => Collect.Images.New(organization, project, i))];
            db.AddRange(rows);
            await db.SaveChangesAsync();
            return rows.Select(r => r.Id).ToArray();
        });
        Task<JsonElement> Read(string since) => Hub.As(reader).Get<JsonElement>($"/api/v1/projects/{project.Slug}/annotations?state=imported&since={since}");
        await Write(organization, project, images[0], revision: 0, 0);
        await Write(organization, project, images[1], revision: 1, 0);
        JsonElement first = await Read("");
        await Write(organization, project, images[1], revision: 2, 0);
        JsonElement second = await Read(first.GetProperty("since").GetString()!);

        Assert.Equal(2, Count(first));
        Assert.Equal(2, Assert.Single(second.GetProperty("annotations").EnumerateArray()).GetProperty("revision").GetInt32());
    }

    [Fact]
    public async Task Eight_writers_that_commit_in_any_order_and_a_reader_that_never_misses_one()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, organization);
        Random random = new(11);
        int[] delays = [.. Enumerable.Range(0, 160).Select(_ => random.Next(0, 25))];
        Guid[] images = await Hub.Inside(async db =>
        {
            Perenne.Hub.Collect.Image[] rows = [.. Enumerable.Range(0, 40).Select(i => Collect.Images.New(organization, project, i))];
            db.AddRange(rows);
            await db.SaveChangesAsync();
            return rows.Select(r => r.Id).ToArray();
        });
        Task writers = Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (int i = w; i < delays.Length; i += 8)
                await Write(organization, project, images[i % images.Length], revision: i, delays[i]);
        })));
        Dictionary<Guid, int> seen = [];
        string since = "";
        for (bool last = false; ; last = writers.IsCompleted)
        {
            JsonElement page = await Hub.As(reader).Get<JsonElement>($"/api/v1/projects/{project.Slug}/annotations?state=imported&size=7&since={since}");
            foreach (JsonElement one in page.GetProperty("annotations").EnumerateArray())
                seen[one.GetProperty("imageId").GetGuid()] = one.GetProperty("revision").GetInt32();
            since = page.GetProperty("since").GetString()!;
            if (last && Count(page) == 0)
                break;
        }

        await writers;
        Dictionary<Guid, int> stored = await Hub.Inside(db => db.Set<ChangedAnnotation>().Where(c => c.ProjectId == project.Id).ToDictionaryAsync(c => c.ImageId, c => c.Revision));
        Assert.Equal(40, stored.Count);
        Assert.Equal(stored.OrderBy(s => s.Key), seen.OrderBy(s => s.Key)); // Each in its newest state.
    }

    private protected async Task Write(TestOrganization organization, TestProject project, Guid image, int revision, int hold) => await Hub.Inside(async services =>
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        AnnotationFeed feed = services.GetRequiredService<AnnotationFeed>();
        await services.GetRequiredService<WriteTurn>().RunAsync(db, async () =>
        {
            await feed.ChangedAsync(new(AnnotationStage.Imported, image, organization.Id, project.Id, image, null, null, image, revision, null, false, Hub.Time.GetUtcNow()), default);
            await Task.Delay(hold);
        }, default);
        return 0;
    });

    private protected static int Count(JsonElement page) => page.GetProperty("annotations").GetArrayLength();

    private Task<JsonElement> Page(Workbench bench, TestPerson reader, string query) => Hub.As(reader).Get<JsonElement>($"{bench.Address}/annotations?{query}");
}

public sealed class AnnotationListOnSqlite(SqliteHub hub) : AnnotationListTests(hub), IClassFixture<SqliteHub>;

public sealed class AnnotationListOnPostgres(PostgresHub hub) : AnnotationListTests(hub), IClassFixture<PostgresHub>
{
    [Fact]
    public async Task A_change_begun_before_and_committed_after_others_were_read_comes_next()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, organization);
        Perenne.Hub.Collect.Image early = Collect.Images.New(organization, project, 1), late = Collect.Images.New(organization, project, 2);
        await Hub.Inside(async db =>
        {
            db.AddRange(early, late);
            return await db.SaveChangesAsync();
        });
        string address = $"/api/v1/projects/{project.Slug}/annotations?state=imported&since=", since = "";
        await Hub.Inside(async services =>
        {
            HubDbContext db = services.GetRequiredService<HubDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await services.GetRequiredService<AnnotationFeed>().ChangedAsync(
                new(AnnotationStage.Imported, late.Id, organization.Id, project.Id, late.Id, null, null, late.Id, 1, null, false, Hub.Time.GetUtcNow()), default);
            await Write(organization, project, early.Id, 1, 0);
            JsonElement page = await Hub.As(reader).Get<JsonElement>(address);
            Assert.Equal(early.Id, Assert.Single(page.GetProperty("annotations").EnumerateArray()).GetProperty("imageId").GetGuid());
            since = page.GetProperty("since").GetString()!;
            await transaction.CommitAsync();
            return 0;
        });
        JsonElement next = await Hub.As(reader).Get<JsonElement>(address + since);
        Assert.Equal(late.Id, Assert.Single(next.GetProperty("annotations").EnumerateArray()).GetProperty("imageId").GetGuid());
    }
}
