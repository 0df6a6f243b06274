using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Annotate;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Tests.Agree;

public sealed class AgreementTestsOnSqlite(SqliteHub hub) : AgreementTests(hub), IClassFixture<SqliteHub>;

public sealed class AgreementTestsOnPostgres(PostgresHub hub) : AgreementTests(hub), IClassFixture<PostgresHub>;

public abstract class AgreementTests(HubFixture hub) : HubTests(hub)
{
    private static readonly CampaignRules All = new(OverlapShare: 1, OverlapCount: 2, ReviewShare: 0);

    private static Task<AgreementReport> Report(Workbench bench, TestPerson who) => bench.As(who).Get<AgreementReport>($"{bench.Address}/agreement?campaign={bench.Campaign}");

    private static Task<ContradictionPage> Contradicted(Workbench bench, TestPerson who, string more = "") =>
        bench.As(who).Get<ContradictionPage>($"{bench.Address}/contradictions?campaign={bench.Campaign}{more}");

    [Fact]
    public async Task Every_submit_is_in_the_agreement_at_once()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 3, people: 2, All);
        TestPerson reviewer = await bench.ReviewerAsync();
        await bench.AnswerAllAsync(bench.People[0], task => [Workbench.Draw("a")]);
        Assert.Equal(0, (await Report(bench, reviewer)).Images);
        int answered = 0;
        await bench.AnswerAllAsync(bench.People[1], task => answered++ == 0 ? [Workbench.Draw("b", x: 300)] : [Workbench.Draw("b", x: 12)], async () =>
            Assert.Equal(answered, (await Report(bench, reviewer)).Images));

        AgreementReport report = await Report(bench, reviewer);
        PairRow pair = Assert.Single(report.Pairs);
        Assert.Equal(3, pair.Images);
        Assert.Equal(2.0 / 3, pair.F1.Value!.Value, 9);
        Assert.NotNull(pair.F1.Low);
        Assert.Equal("open", Assert.Single(report.ByClass).Name);
        Assert.Equal(2, report.People.Count);
        Assert.Equal(1, report.Overall.ImageAgreement.Value!.Value, 9);
    }

    [Fact]
    public async Task Two_who_see_a_defect_against_eight_who_see_none_come_first_by_themselves()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 3, people: 10, new(OverlapShare: 1, OverlapCount: 10, ReviewShare: 0));
        TestPerson reviewer = await bench.ReviewerAsync();
        Guid[] tasks = await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).OrderBy(t => t.Place).Select(t => t.Id).ToArrayAsync());
        for (int i = 0; i < 10; i++)
        {
            int person = i;
            await bench.AnswerAllAsync(bench.People[i], task => Array.IndexOf(tasks, task) switch
            {
                0 => [Workbench.Draw("a")], // All agree.
                1 => person < 2 ? [Workbench.Draw("a")] : [Workbench.NoDefect()],
                _ => person == 0 ? [Workbench.Draw("a"), Workbench.Draw("more", x: 400)] : [Workbench.Draw("a")],
            });
        }

        ContradictionPage page = await Contradicted(bench, reviewer);
        Assert.Equal([tasks[1], tasks[2]], page.Items.Select(i => i.TaskId));
        ContradictionRow worst = page.Items[0];
        Assert.Equal((ContradictionKind.Presence, 48, 10, 2), (worst.Kind, worst.Score, worst.Answers, worst.SeeDefect));
        Assert.Equal(["defect 2", "no defect 8"], worst.Camps.Select(c => $"{c.Says} {c.People.Count}"));
        Assert.Equal(ContradictionKind.MissedShape, page.Items[1].Kind);

        // One after the other, by the key of the page before.
        ContradictionPage first = await Contradicted(bench, reviewer, "&limit=1");
        Assert.Equal(tasks[1], Assert.Single(first.Items).TaskId);
        ContradictionPage second = await Contradicted(bench, reviewer, "&limit=1&after=" + first.Next);
        Assert.Equal(tasks[2], Assert.Single(second.Items).TaskId);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task The_sums_of_each_pair_equal_a_recount_after_answers_came_back_and_went_again()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 6, people: 3, new(OverlapShare: 1, OverlapCount: 3, ReviewShare: 1, AgreementLeast: 0));
        TestPerson reviewer = await bench.ReviewerAsync();
        for (int i = 0; i < 3; i++)
        {
            int person = i;
            await bench.AnswerAllAsync(bench.People[i], task => [Workbench.Draw("a", x: 10 + (((task.GetHashCode() & 3) + person) % 3 * 7))]);
        }

        for (int i = 0; i < 4; i++)
        {
            JsonElement held = await bench.As(reviewer).PostAsync($"{bench.Address}/reviews/next", null).Read<JsonElement>();
            await bench.As(reviewer).Post($"{bench.Address}/reviews/{held.GetProperty("assignmentId").GetGuid()}/reject",
                new { id = "d" + i, baseRevision = 2, comments = new[] { new { id = "c", at = new[] { 1.0, 1 }, text = "Wider." } } }).Done();
        }

        await AssertRecountAsync(bench);
        for (int i = 0; i < 3; i++)
            await bench.AnswerAllAsync(bench.People[i], task => [Workbench.Draw("again", x: 60)], baseRevision: 2);
        await AssertRecountAsync(bench);
    }

    private async Task AssertRecountAsync(Workbench bench)
    {
        var kept = await bench.LookAsync(db => db.Set<AgreementTotal>().Where(t => t.CampaignId == bench.Campaign).ToListAsync());
        List<SubmittedAnswer> answers = await bench.LookAsync(async db => await TaskAnswers.ReadAsync(
            db, await db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).Select(t => t.Id).ToListAsync(), default));
        var counted = from task in answers.GroupBy(a => a.TaskId)
                      from a in task
                      from b in task
                      where a.PersonId.CompareTo(b.PersonId) < 0
                      let pair = DocumentAgreement.Compare(a.Document, b.Document)
                      group pair by (a.PersonId, b.PersonId) into sums
                      orderby sums.Key
                      select (sums.Key.Item1, sums.Key.Item2, sums.Count(), sums.Sum(p => p.Matched), sums.Sum(p => p.OnlyFirst), Math.Round(sums.Sum(p => p.SumIou), 9));
        Assert.Equal(counted, kept.Where(t => t.Images > 0).OrderBy(t => (t.First, t.Second)).Select(t => (t.First, t.Second, t.Images, t.Matched, t.OnlyFirst, Math.Round(t.SumIou, 9))));
    }

    [Fact]
    public async Task Annotators_do_not_see_how_they_agree_nor_does_another_organization()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, All);
        await bench.As(bench.People[0]).GetAsync($"{bench.Address}/agreement").Refused(HttpStatusCode.Forbidden);
        TestPerson stranger = await Hub.Person("sam", Role.Manager, await Hub.Organization("elsewhere"));
        await bench.As(stranger).GetAsync($"{bench.Address}/contradictions").Refused(HttpStatusCode.NotFound);
    }
}
