using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Agree.Adjudicate;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;
using Perenne.Hub.Tests.Annotate;

namespace Perenne.Hub.Tests.Agree;

public sealed class AdjudicationTestsOnSqlite(SqliteHub hub) : AdjudicationTests(hub), IClassFixture<SqliteHub>;

public sealed class AdjudicationTestsOnPostgres(PostgresHub hub) : AdjudicationTests(hub), IClassFixture<PostgresHub>;

public abstract class AdjudicationTests(HubFixture hub) : HubTests(hub)
{
    /// <summary>Two people who drew different boxes, and the dispute that is in the adjudicator's hands.</summary>
    private async Task<(Workbench Bench, TestPerson Judge, Guid Task)> DisputedAsync(params string[] kinds)
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 2, new(OverlapShare: 1, ReviewShare: 0, Kinds: kinds));
        TestPerson judge = await bench.ReviewerAsync();
        for (int i = 0; i < 2; i++)
        {
            int x = 10 + (200 * i);
            await bench.AnswerAllAsync(bench.People[i], _ => [Workbench.Draw("box" + x, x)]);
        }

        AdjudicationItem item = await bench.As(judge).PostAsync($"{bench.Address}/adjudications/next", null).Read<AdjudicationItem>();
        return (bench, judge, item.AssignmentId);
    }

    private static Task<HttpResponseMessage> Pick(Workbench bench, TestPerson judge, Guid task, int revision, params Operation[] picked) =>
        bench.As(judge).PostAsync($"{bench.Address}/adjudications/{task}/operations",
            new StringContent(System.Text.Json.JsonSerializer.Serialize(new AdjudicationEndpoints.PickBody(revision, [.. picked]), AnnotationJson.Options), System.Text.Encoding.UTF8, "application/json"));

    private static Task<HttpResponseMessage> Decide(Workbench bench, TestPerson judge, Guid task, int revision, string id = "d1") =>
        bench.As(judge).Post($"{bench.Address}/adjudications/{task}/submit", new AdjudicationDecision(id, revision));

    [Fact]
    public async Task What_was_picked_shape_by_shape_becomes_the_ground_truth_and_the_answers_stay_as_they_were()
    {
        (Workbench bench, TestPerson judge, Guid task) = await DisputedAsync();
        TaskView view = await bench.As(judge).Get<TaskView>($"{bench.Address}/adjudications/{task}");
        Assert.Equal(["anna0", "anna1"], view.Others!.Select(o => o.Author).Order());
        Assert.Empty(view.Document.Shapes);
        Assert.False(view.ProposalsAfterFirstShape); // The answers are there to be picked from at once.
        DocumentShape chosen = view.Others![1].Document.Shapes.Single();
        for (int i = 0; i < 2; i++) // Each arrives twice and is applied once.
            Assert.Equal(1, (await Pick(bench, judge, task, 0, new Operation("pick", DateTimeOffset.UnixEpoch, 10, [new PutShape(chosen)])).Read<Saved>()).Revision);
        for (int i = 0; i < 2; i++)
            await Decide(bench, judge, task, 1).Done();

        GroundTruth truth = await bench.LookAsync(db => db.Set<GroundTruth>().SingleAsync(t => t.ProjectId == bench.Project.Id));
        Assert.Equal((TruthSource.Adjudicated, judge.Id, true), (truth.Source, truth.DecidedBy, truth.IsCurrent));
        Assert.Equal([chosen], truth.Document.Shapes);
        Assert.Equal(TaskState.Done, await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.Id == task).Select(t => t.State).SingleAsync()));
        AnswerComparison compared = await bench.As(judge).Get<AnswerComparison>($"{bench.Address}/adjudications/{task}/answers");
        Assert.Equal(["box10", "box210"], compared.Answers.Select(a => a.Document.Shapes.Single().Id).Order());
        Assert.All(compared.Answers, a => Assert.Equal(ShapeStanding.NotByAll, Assert.Single(a.Standing).Value));
        Assert.Empty((await bench.As(judge).Get<ContradictionPage>($"{bench.Address}/contradictions")).Items);
        Assert.True(Assert.Single((await bench.As(judge).Get<ContradictionPage>($"{bench.Address}/contradictions?settled=true")).Items).Settled);
        Assert.Contains("No dispute", await bench.As(judge).PostAsync($"{bench.Address}/adjudications/next", null).Refused(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adjudicator_adds_nothing_the_campaign_does_not_ask_for_and_may_pick_what_was_answered_before()
    {
        (Workbench bench, TestPerson judge, Guid task) = await DisputedAsync("box");
        await bench.LookAsync(async db =>
        {
            Campaign campaign = await db.Set<Campaign>().SingleAsync(c => c.Id == bench.Campaign);
            campaign.Rules = campaign.Rules with { Kinds = ["polygon"] };
            return await db.SaveChangesAsync();
        });
        await Pick(bench, judge, task, 0, Workbench.Draw("picked"), new Operation("own", DateTimeOffset.UnixEpoch, 10, [new PutShape(new DocumentPoint("p1", "scratch", [4, 4]))])).Done();
        Assert.Contains("asks for polygon; here 'scratch' is marked with a point", await Decide(bench, judge, task, 1).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await Pick(bench, judge, task, 1, new Operation("mended", DateTimeOffset.UnixEpoch, 10, [new RemoveShape("p1")])).Done();
        await Decide(bench, judge, task, 2).Done();
        Assert.Equal(["picked"], (await bench.LookAsync(db => db.Set<GroundTruth>().SingleAsync(t => t.ProjectId == bench.Project.Id))).Document.Shapes.Select(s => s.Id));
    }

    [Fact]
    public async Task A_decision_can_be_withdrawn_and_put_back_and_the_history_says_who_did_it()
    {
        (Workbench bench, TestPerson judge, Guid task) = await DisputedAsync();
        await Pick(bench, judge, task, 0, Workbench.NoDefect()).Done();
        await Decide(bench, judge, task, 1).Done();
        TestPerson second = await bench.ReviewerAsync("rob");
        await bench.As(second).PostAsync($"{bench.Address}/adjudications/{task}/reopen", null).Done();
        Assert.Equal(TaskState.Disputed, await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.Id == task).Select(t => t.State).SingleAsync()));
        TruthStep withdrawn = Assert.Single(await bench.As(judge).Get<List<TruthStep>>($"{bench.Address}/adjudications/{task}/history"));
        Assert.Equal((false, "rita", "rob"), (withdrawn.IsCurrent, withdrawn.DecidedBy, withdrawn.WithdrawnBy));

        await bench.As(second).Post($"{bench.Address}/adjudications/{task}/restore", new { truthId = withdrawn.Id }).Done();
        List<TruthStep> steps = await bench.As(judge).Get<List<TruthStep>>($"{bench.Address}/adjudications/{task}/history");
        Assert.Equal([true, false], steps.Select(s => s.IsCurrent));
        Assert.Equal(ImageVerdict.NoDefect, steps[0].Document.Verdict);
        var totals = (await bench.LookAsync(db => db.Set<Perenne.Hub.Progress.CampaignTotal>().Where(t => t.CampaignId == bench.Campaign && t.Tasks != 0).ToListAsync())).ToDictionary(t => t.State, t => t.Tasks);
        Assert.Equal(new Dictionary<TaskState, int> { [TaskState.Done] = 1 }, totals);
    }

    [Fact]
    public async Task Whoever_answered_does_not_decide_and_annotators_do_not_open_disputes()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, new(OverlapShare: 1, ReviewShare: 0));
        TestPerson both = await bench.ReviewerAsync();
        TestPerson manager = await Hub.Person("mia", Perenne.Hub.Shared.Rights.Role.Manager, bench.Organization);
        await bench.As(manager).Put($"{bench.Address}/campaigns/{bench.Campaign}/members/{both.Id}", new PoolMember()).Done();
        await bench.AnswerAllAsync(bench.People[0], _ => [Workbench.Draw("a")]);
        await bench.AnswerAllAsync(both, _ => [Workbench.Draw("b", x: 300)]);
        Guid task = await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).Select(t => t.Id).SingleAsync());
        await bench.As(both).PostAsync($"{bench.Address}/adjudications/next", null).Refused(HttpStatusCode.NotFound);
        Assert.Contains("yourself", await Decide(bench, both, task, 0).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        await bench.As(bench.People[0]).GetAsync($"{bench.Address}/adjudications/{task}").Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Two_adjudicators_never_hold_the_same_dispute()
    {
        (Workbench bench, TestPerson judge, Guid task) = await DisputedAsync();
        TestPerson other = await bench.ReviewerAsync("rob");
        Assert.Contains("being decided by others", await bench.As(other).PostAsync($"{bench.Address}/adjudications/next", null).Refused(HttpStatusCode.NotFound), StringComparison.Ordinal);
        await Pick(bench, other, task, 0, Workbench.NoDefect()).Done();
        Assert.Contains("kept as your draft", await Decide(bench, other, task, 1).Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Hub.Time.Skip(TimeSpan.FromMinutes(31));
        Assert.Equal(task, (await bench.As(other).PostAsync($"{bench.Address}/adjudications/next", null).Read<AdjudicationItem>()).AssignmentId);
        await Decide(bench, other, task, 1).Done();
    }
}
