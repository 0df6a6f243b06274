using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Progress;
using Perenne.Hub.Review;

namespace Perenne.Hub.Tests.Annotate;

public sealed class ReviewTestsOnSqlite(SqliteHub hub) : ReviewTests(hub), IClassFixture<SqliteHub>;

public sealed class ReviewTestsOnPostgres(PostgresHub hub) : ReviewTests(hub), IClassFixture<PostgresHub>;

public abstract class ReviewTests(HubFixture hub) : HubTests(hub)
{
    private static readonly CampaignRules AllReviewed = new(ReviewShare: 1);

    private static Task<HttpResponseMessage> Next(Workbench bench, TestPerson reviewer) => bench.As(reviewer).PostAsync($"{bench.Address}/reviews/next", null);

    private static Task<HttpResponseMessage> Decide(Workbench bench, TestPerson reviewer, Guid assignment, string verdict, int revision, string? comment = null, string id = "d1") =>
        bench.As(reviewer).Post($"{bench.Address}/reviews/{assignment}/{verdict}", new { id, baseRevision = revision, comments = comment is null ? [] : new[] { new { id = "c1", at = new[] { 5.0, 6.0 }, text = comment } } });

    private static Task<HttpResponseMessage> Fix(Workbench bench, TestPerson reviewer, Guid assignment, int revision, string box) =>
        bench.As(reviewer).Post($"{bench.Address}/reviews/{assignment}/operations", new { baseRevision = revision, operations = new[]
        {
            new { id = "fix-" + box, at = DateTimeOffset.UnixEpoch, activeMilliseconds = 10, changes = new[] { new { type = "put", shape = new { kind = "box", id = box, label = "open", box = new[] { 60.0, 60, 5, 5 }, attributes = new { } } } } },
        } });

    [Fact]
    public async Task Accepting_makes_the_ground_truth_and_counts_for_the_author()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, AllReviewed);
        TestPerson reviewer = await bench.ReviewerAsync();
        await bench.FinishOneAsync(bench.People[0]);
        ReviewItem item = await Next(bench, reviewer).Read<ReviewItem>();
        for (int i = 0; i < 2; i++) // A retry is applied once.
            await Decide(bench, reviewer, item.AssignmentId, "accept", 2).Done();

        GroundTruth truth = await bench.LookAsync(db => db.Set<GroundTruth>().SingleAsync(t => t.ProjectId == bench.Project.Id));
        Assert.Equal((TruthSource.Accepted, reviewer.Id), (truth.Source, truth.DecidedBy));
        CampaignDay day = await bench.LookAsync(db => db.Set<CampaignDay>().SingleAsync(d => d.CampaignId == bench.Campaign));
        Assert.Equal((bench.People[0].Id, 1, 1), (day.PersonId, day.Submitted, day.Accepted));
        Assert.Equal(TaskState.Done, await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).Select(t => t.State).SingleAsync()));
    }

    [Fact]
    public async Task Nobody_reviews_an_image_that_they_annotated()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 0, AllReviewed);
        TestPerson both = await bench.ReviewerAsync(), other = await bench.ReviewerAsync("rob");
        TestPerson manager = await Hub.Person("mia", Perenne.Hub.Shared.Rights.Role.Manager, bench.Organization);
        await bench.As(manager).Put($"{bench.Address}/campaigns/{bench.Campaign}/members/{both.Id}", new PoolMember()).Done();
        Lease lease = await bench.FinishOneAsync(both);

        Assert.Contains("No answer waits", await Next(bench, both).Refused(HttpStatusCode.NotFound), StringComparison.Ordinal);
        string[] refusals =
        [
            await bench.As(both).GetAsync($"{bench.Address}/reviews/{lease.AssignmentId}").Refused(HttpStatusCode.Forbidden),
            await Decide(bench, both, lease.AssignmentId, "accept", 2).Refused(HttpStatusCode.Forbidden),
            await Decide(bench, both, lease.AssignmentId, "reject", 2, "no").Refused(HttpStatusCode.Forbidden),
        ];
        Assert.All(refusals, words => Assert.Contains("annotated this image yourself", words, StringComparison.Ordinal));
        Assert.Equal(lease.AssignmentId, (await Next(bench, other).Read<ReviewItem>()).AssignmentId);
    }

    [Fact]
    public async Task Two_reviewers_never_hold_the_same_answer()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 4, people: 1, AllReviewed);
        for (int i = 0; i < 4; i++)
            await bench.FinishOneAsync(bench.People[0]);
        TestPerson[] reviewers = [await bench.ReviewerAsync("r1"), await bench.ReviewerAsync("r2"), await bench.ReviewerAsync("r3")];
        ReviewItem[] held = await Task.WhenAll(reviewers.Select(r => Next(bench, r).Read<ReviewItem>()));
        Assert.Equal(3, held.Select(h => h.AssignmentId).Distinct().Count());
        Assert.Equal(held[0].AssignmentId, (await Next(bench, reviewers[0]).Read<ReviewItem>()).AssignmentId);
        Assert.Contains("not in your hands", await Decide(bench, reviewers[1], held[0].AssignmentId, "accept", 2).Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_answer_goes_back_to_its_author_first_with_its_comments()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 3, people: 2, AllReviewed);
        TestPerson reviewer = await bench.ReviewerAsync();
        Lease first = await bench.FinishOneAsync(bench.People[0]);
        await Next(bench, reviewer).Done();
        Assert.Contains("at least one comment", await Decide(bench, reviewer, first.AssignmentId, "reject", 2).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await Decide(bench, reviewer, first.AssignmentId, "reject", 2, "The box is too wide.").Done();

        Assert.NotEqual(first.AssignmentId, (await bench.LeaseAsync(bench.People[1])).AssignmentId);
        Lease again = await bench.LeaseAsync(bench.People[0]);
        Assert.Equal(first.AssignmentId, again.AssignmentId);
        Assert.True(again.Fence > first.Fence);
        TaskView view = await bench.As(bench.People[0]).Get<TaskView>($"{bench.Address}/tasks/{again.AssignmentId}");
        Assert.Equal(("annotate", 2), (view.Mode, view.Revision));
        PinnedComment comment = Assert.Single(view.Comments!);
        Assert.Equal("The box is too wide.", comment.Text);
        Assert.Equal([5, 6], comment.At);

        await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[0], again, 2, "again"));
        Assert.Equal(first.AssignmentId, (await Next(bench, reviewer).Read<ReviewItem>()).AssignmentId);
        await Decide(bench, reviewer, first.AssignmentId, "accept", 3, id: "d2").Done();
        CampaignDay day = await bench.LookAsync(db => db.Set<CampaignDay>().SingleAsync(d => d.CampaignId == bench.Campaign && d.PersonId == bench.People[0].Id));
        Assert.Equal((2, 1, 1), (day.Submitted, day.Rejected, day.Accepted));
        var kept = (await bench.LookAsync(db => db.Set<CampaignTotal>().Where(t => t.CampaignId == bench.Campaign && t.Tasks != 0).ToListAsync())).ToDictionary(t => t.State, t => t.Tasks);
        Assert.Equal(new Dictionary<TaskState, int> { [TaskState.Open] = 2, [TaskState.Done] = 1 }, kept);
    }

    [Fact]
    public async Task A_fix_is_the_reviewers_step_in_the_authors_annotation()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, AllReviewed);
        TestPerson reviewer = await bench.ReviewerAsync();
        Lease lease = await bench.FinishOneAsync(bench.People[0]);
        await Next(bench, reviewer).Done();
        Assert.Equal(3, (await Fix(bench, reviewer, lease.AssignmentId, 2, "added").Read<Saved>()).Revision);
        TaskView view = await bench.As(reviewer).Get<TaskView>($"{bench.Address}/reviews/{lease.AssignmentId}");
        Assert.Equal(("review", 2), (view.Mode, view.Document.Shapes.Length));
        Assert.Single(view.Before!.Shapes);
        Assert.Equal([("box1", 1, false), ("added", 1, true)], view.History!.Select(h => (h.ShapeId, h.Steps.Count, h.Steps[0].Fix)));
        await Decide(bench, reviewer, lease.AssignmentId, "accept", 3).Done();

        Annotation annotation = await bench.LookAsync(db => db.Set<Annotation>().SingleAsync(a => a.ProjectId == bench.Project.Id));
        Assert.Equal(bench.People[0].Id, annotation.AuthorId);
        AnnotationRevision last = await bench.LookAsync(db => db.Set<AnnotationRevision>().Where(r => r.AnnotationId == annotation.Id).OrderByDescending(r => r.Number).FirstAsync());
        Assert.Equal((RevisionKind.Fixed, reviewer.Id), (last.Kind, last.MadeBy));
        GroundTruth truth = await bench.LookAsync(db => db.Set<GroundTruth>().SingleAsync(t => t.ProjectId == bench.Project.Id));
        Assert.Equal((TruthSource.Fixed, 2), (truth.Source, truth.Document.Shapes.Length));
        Assert.Equal(1, await bench.LookAsync(db => db.Set<CampaignDay>().Where(d => d.CampaignId == bench.Campaign).SumAsync(d => d.Fixed)));
    }

    [Fact]
    public async Task A_rejection_gives_the_author_their_own_answer_not_half_of_a_fix()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, AllReviewed);
        TestPerson reviewer = await bench.ReviewerAsync();
        Lease lease = await bench.FinishOneAsync(bench.People[0]);
        await Next(bench, reviewer).Done();
        await Fix(bench, reviewer, lease.AssignmentId, 2, "half").Done();
        await Decide(bench, reviewer, lease.AssignmentId, "reject", 3, "Draw the second one too.").Done();
        Annotation annotation = await bench.LookAsync(db => db.Set<Annotation>().SingleAsync(a => a.ProjectId == bench.Project.Id));
        Assert.Equal(["box1"], annotation.Document.Shapes.Select(s => s.Id));
        Assert.Equal(4, annotation.Revision);
    }
}
