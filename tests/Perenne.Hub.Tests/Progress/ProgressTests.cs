using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Annotate;

namespace Perenne.Hub.Tests.Progress;

public sealed class ProgressTestsOnSqlite(SqliteHub hub) : ProgressTests(hub), IClassFixture<SqliteHub>;

public sealed class ProgressTestsOnPostgres(PostgresHub hub) : ProgressTests(hub), IClassFixture<PostgresHub>;

public abstract class ProgressTests(HubFixture hub) : HubTests(hub)
{
    private static Task<ProgressReport> Report(Workbench bench, TestPerson who) => bench.As(who).Get<ProgressReport>($"{bench.Address}/campaigns/{bench.Campaign}/progress");

    [Fact]
    public async Task Every_counter_equals_a_recount_after_a_random_history()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 14, people: 3, new(OverlapShare: 0.4, ReviewShare: 0.6, AgreementLeast: 0));
        TestPerson reviewer = await bench.ReviewerAsync();
        Random random = new(7);
        for (int step = 0; step < 40; step++)
        {
            if (random.Next(20) == 0)
                Hub.Time.Skip(TimeSpan.FromHours(9));
            if (random.Next(4) == 0)
            {
                HttpResponseMessage held = await bench.As(reviewer).PostAsync($"{bench.Address}/reviews/next", null);
                if (held.StatusCode == HttpStatusCode.NotFound)
                    continue;
                Guid slot = (await Workbench.ReadAsync<Perenne.Hub.Review.ReviewItem>(held)).AssignmentId;
                int revision = await bench.LookAsync(db => (from a in db.Set<Assignment>() join n in db.Set<Annotation>() on new { a.TaskId, a.PersonId } equals new { TaskId = n.TaskId!.Value, PersonId = n.AuthorId } where a.Id == slot select n.Revision).SingleAsync());
                string verdict = random.Next(2) == 0 ? "accept" : "reject";
                await bench.As(reviewer).Post($"{bench.Address}/reviews/{slot}/{verdict}", new { id = "d" + step, baseRevision = revision, comments = new[] { new { id = "c", at = new[] { 1.0, 1 }, text = "Wider." } } }).Done();
                continue;
            }

            TestPerson person = bench.People[random.Next(3)];
            HttpResponseMessage pulled = await bench.PullAsync(person);
            if (pulled.StatusCode == HttpStatusCode.NotFound)
                continue;
            Lease lease = await Workbench.ReadAsync<Lease>(pulled);
            if (random.Next(5) == 0)
            {
                await Workbench.ReadAsync<Saved>(await bench.SkipAsync(person, lease, random.Next(2) == 0 ? SkipReason.Blurred : SkipReason.NotSure));
                continue;
            }

            int known = await bench.LookAsync(db => (from a in db.Set<Assignment>() where a.Id == lease.AssignmentId from n in db.Set<Annotation>() where n.TaskId == a.TaskId && n.AuthorId == person.Id select n.Revision).FirstOrDefaultAsync());
            Saved saved = await Workbench.ReadAsync<Saved>(await bench.SaveAsync(person, lease, known, Workbench.Draw("b" + step, x: random.Next(3) * 8)));
            await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(person, lease, saved.Revision, "s" + step));
        }

        await AssertRecountAsync(bench);
    }

    private static async Task AssertRecountAsync(Workbench bench)
    {
        var tasks = await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).ToListAsync());
        var totals = await bench.LookAsync(db => db.Set<CampaignTotal>().Where(t => t.CampaignId == bench.Campaign && t.Tasks != 0).ToListAsync());
        Assert.Equal(tasks.GroupBy(t => t.State).ToDictionary(g => g.Key, g => g.Count()), totals.ToDictionary(t => t.State, t => t.Tasks));

        // Facts of each person: every submitted revision, every skipped slot, every review of their work.
        var submits = await bench.LookAsync(db => (from r in db.Set<AnnotationRevision>() join a in db.Set<Annotation>() on r.AnnotationId equals a.Id where a.ProjectId == bench.Project.Id && r.Kind == RevisionKind.Submitted select a.AuthorId!.Value).ToListAsync());
        var skips = await bench.LookAsync(db => db.Set<Assignment>().Where(a => a.CampaignId == bench.Campaign && a.State == AssignmentState.Skipped).ToListAsync());
        var reviews = await bench.LookAsync(db => (from r in db.Set<Perenne.Hub.Review.ReviewRecord>() join a in db.Set<Annotation>() on r.AnnotationId equals a.Id where a.ProjectId == bench.Project.Id select new { Author = a.AuthorId!.Value, r.Verdict }).ToListAsync());
        var days = await bench.LookAsync(db => db.Set<CampaignDay>().Where(d => d.CampaignId == bench.Campaign).ToListAsync());
        Assert.NotEmpty(skips);
        Assert.NotEmpty(reviews);
        foreach (TestPerson person in bench.People)
        {
            var own = days.Where(d => d.PersonId == person.Id).ToList();
            Assert.Equal(
                (submits.Count(s => s == person.Id), skips.Count(s => s.PersonId == person.Id), reviews.Count(r => r.Author == person.Id && r.Verdict == Perenne.Hub.Review.ReviewVerdict.Accepted), reviews.Count(r => r.Author == person.Id && r.Verdict == Perenne.Hub.Review.ReviewVerdict.Rejected)),
                (own.Sum(d => d.Submitted), own.Sum(d => d.Skipped), own.Sum(d => d.Accepted), own.Sum(d => d.Rejected)));
        }

        var skipped = await bench.LookAsync(db => db.Set<CampaignSkip>().Where(s => s.CampaignId == bench.Campaign).ToListAsync());
        Assert.Equal(
            skips.GroupBy(s => (DateOnly.FromDateTime(s.SubmittedAt!.Value.UtcDateTime), s.SkipReason!.Value)).OrderBy(g => g.Key).Select(g => (g.Key, g.Count())),
            skipped.OrderBy(s => (s.Day, s.Reason)).Select(s => ((s.Day, s.Reason), s.Images)));

        // One step of the histogram for each image a person has answered, however often it came back.
        var paces = await bench.LookAsync(db => db.Set<CampaignPace>().Where(p => p.CampaignId == bench.Campaign).ToListAsync());
        var answered = await bench.LookAsync(db => (from r in db.Set<AnnotationRevision>() join a in db.Set<Annotation>() on r.AnnotationId equals a.Id where a.ProjectId == bench.Project.Id && r.Kind == RevisionKind.Submitted select a.Id).Distinct().CountAsync());
        Assert.Equal(answered, paces.Sum(p => p.Answers));
    }

    [Fact]
    public async Task A_submit_is_in_the_progress_at_once_with_who_is_blocked_and_why()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 5, people: 3, new(ReviewShare: 0, QuotaPerDay: 2));
        TestPerson manager = await Hub.Person("mia", Role.Manager, bench.Organization);
        await bench.As(manager).Put($"{bench.Address}/campaigns/{bench.Campaign}/members/{bench.People[1].Id}", new PoolMember(IsPaused: true)).Done();
        await bench.FinishOneAsync(bench.People[0]);
        ProgressReport first = await Report(bench, manager);
        Assert.Equal((1, 1), (first.Campaign.Totals.Done, first.People.Single(p => p.PersonId == bench.People[0].Id).Today));
        await bench.FinishOneAsync(bench.People[0]);
        ProgressReport then = await Report(bench, manager);
        Assert.Equal(2, then.Days[^1].Submitted);
        Assert.Equal([Blockage.QuotaReached, Blockage.Paused, null], bench.People.Select(p => then.People.Single(row => row.PersonId == p.Id).Blocked));
        Assert.InRange(then.MedianSeconds!.Value, 1.4, 1.6); // 0.5 s for the stroke, 1 s before the submit.

        string csv = await (await bench.As(manager).GetAsync($"{bench.Address}/campaigns/{bench.Campaign}/progress.csv")).Content.ReadAsStringAsync();
        Assert.Contains(",anna0,,2,0,", csv, StringComparison.Ordinal);
        await bench.As(bench.People[0]).GetAsync($"{bench.Address}/campaigns/{bench.Campaign}/progress").Refused(HttpStatusCode.Forbidden);
    }
}
