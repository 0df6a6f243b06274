using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Annotate;

public sealed class AskedForTestsOnSqlite(SqliteHub hub) : AskedForTests(hub), IClassFixture<SqliteHub>;

public sealed class AskedForTestsOnPostgres(PostgresHub hub) : AskedForTests(hub), IClassFixture<PostgresHub>;

/// <summary>A campaign for certain kinds and classes takes no others, whoever sends them.</summary>
public abstract class AskedForTests(HubFixture hub) : HubTests(hub)
{
    private static readonly Guid Open = new("0199f000-0000-7000-8000-000000000001"), Short = new("0199f000-0000-7000-8000-000000000002"), Gap = new("0199f000-0000-7000-8000-000000000003");

    [Fact]
    public async Task An_answer_with_another_kind_or_class_is_refused_kept_as_a_draft_and_taken_once_it_is_mended()
    {
        (Workbench bench, _) = await StartAsync();
        TestPerson anna = bench.People[0];
        Lease lease = await bench.LeaseAsync(anna);
        await SaveAsync(0, new PutShape(new DocumentPoint("p1", "open", [4, 4])));
        Assert.Contains("asks for box, polygon; here 'open' is marked with a point", await Workbench.RefusalAsync(await bench.SubmitAsync(anna, lease, 1)), StringComparison.Ordinal);
        await SaveAsync(1, new RemoveShape("p1"), new PutShape(new DocumentBox("b1", "short", [1, 1, 5, 5])));
        Assert.Contains("does not ask for 'short'", await Workbench.RefusalAsync(await bench.SubmitAsync(anna, lease, 2)), StringComparison.Ordinal);
        await SaveAsync(2, new SetTags(["open"]));
        Assert.Contains("not for classes of the whole image", await Workbench.RefusalAsync(await bench.SubmitAsync(anna, lease, 3)), StringComparison.Ordinal);

        // Merged into a class that is asked for: work that was begun before still counts.
        await SaveAsync(3, new SetTags([]), new PutShape(new DocumentBox("b1", "gap", [1, 1, 5, 5])));
        Assert.Equal(HttpStatusCode.OK, (await bench.SubmitAsync(anna, lease, 4)).StatusCode);

        async Task SaveAsync(int revision, params Change[] changes) =>
            await Workbench.ReadAsync<Saved>(await bench.SaveAsync(anna, lease, revision, new Operation($"op{revision}", DateTimeOffset.UnixEpoch, 10, [.. changes])));
    }

    [Fact]
    public async Task Proposals_the_campaign_does_not_ask_for_are_not_shown()
    {
        (Workbench bench, Guid image) = await StartAsync();
        await bench.LookAsync(async db =>
        {
            db.Add(new Annotation
            {
                Id = new Guid("0199f000-0000-7000-8000-00000000000a"), OrganizationId = bench.Organization.Id, ProjectId = bench.Project.Id, ImageId = image, Source = AnnotationSource.Model, Revision = 1, Shapes = 3,
                CreatedAt = Hub.Time.GetUtcNow(), ChangedAt = Hub.Time.GetUtcNow(),
                Document = new([new DocumentBox("asked", "open", [1, 1, 5, 5]), new DocumentBox("class", "short", [1, 1, 5, 5]), new DocumentPoint("kind", "open", [3, 3])], [], ImmutableSortedDictionary<string, double>.Empty, ImageVerdict.Defects),
            });
            return await db.SaveChangesAsync();
        });
        Lease lease = await bench.LeaseAsync(bench.People[0]);
        JsonElement view = await bench.As(bench.People[0]).Get<JsonElement>($"{bench.Address}/tasks/{lease.AssignmentId}");
        Assert.Equal("asked", Assert.Single(view.GetProperty("proposals").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_reviewers_fix_adds_nothing_the_campaign_does_not_ask_for_and_may_leave_what_was_asked_for_before()
    {
        (Workbench bench, _) = await StartAsync(new CampaignRules(ReviewShare: 1));
        Lease lease = await bench.FinishOneAsync(bench.People[0]);
        TestPerson reviewer = await bench.ReviewerAsync();
        await bench.As(reviewer).PostAsync($"{bench.Address}/reviews/next?campaign={bench.Campaign}", null).Done();
        Assert.Contains("does not ask for 'short'", await Workbench.RefusalAsync(await FixAsync(2, "short", "box2")), StringComparison.Ordinal);

        await bench.LookAsync(async db =>
        {
            Campaign campaign = await db.Set<Campaign>().SingleAsync(c => c.Id == bench.Campaign);
            campaign.Rules = campaign.Rules with { Classes = [Short] };
            return await db.SaveChangesAsync();
        });
        Assert.Equal(3, (await Workbench.ReadAsync<Saved>(await FixAsync(2, "short", "box2"))).Revision); // Beside the author's "open".

        Task<HttpResponseMessage> FixAsync(int revision, string label, string box) => bench.As(reviewer).Post($"{bench.Address}/reviews/{lease.AssignmentId}/operations", new { baseRevision = revision, operations = new[]
        {
            new { id = "fix-" + box, at = DateTimeOffset.UnixEpoch, activeMilliseconds = 10, changes = new[] { new { type = "put", shape = new { kind = "box", id = box, label, box = new[] { 60.0, 60, 5, 5 }, attributes = new { } } } } },
        } });
    }

    private async Task<(Workbench Bench, Guid Image)> StartAsync(CampaignRules? rules = null)
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, rules);
        Guid image = await bench.LookAsync(async db =>
        {
            db.Add(new SchemaVersion
            {
                Id = new Guid(bench.Project.Id.ToByteArray()[..15].Append((byte)1).ToArray()), ProjectId = bench.Project.Id, Number = 1, CreatedBy = bench.People[0].Id, CreatedByName = "max", CreatedAt = Hub.Time.GetUtcNow(),
                Classes = [new(Open, "open", "#ff0000", "o", "", [], []), new(Short, "short", "#00ff00", "s", "", [], []), new(Gap, "gap", "#0000ff", "g", "", [], [], MergedInto: Open)],
            });
            Campaign campaign = await db.Set<Campaign>().SingleAsync(c => c.Id == bench.Campaign);
            campaign.Rules = campaign.Rules with { Kinds = ["box", "polygon"], Classes = [Open], Proposals = ProposalRule.Always };
            await db.SaveChangesAsync();
            return await db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).Select(t => t.ImageId).SingleAsync();
        });
        return (bench, image);
    }
}
