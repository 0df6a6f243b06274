using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Annotate;

public sealed class GoldTestsOnSqlite(SqliteHub hub) : GoldTests(hub), IClassFixture<SqliteHub>;

public sealed class GoldTestsOnPostgres(PostgresHub hub) : GoldTests(hub), IClassFixture<PostgresHub>;

public abstract class GoldTests(HubFixture hub) : HubTests(hub)
{
    /// <summary>A campaign whose project has images decided before: one box at (10,10) each.</summary>
    private async Task<(Workbench Bench, TestPerson Manager, Guid[] Gold)> WithKnownAsync(int images, int people, int known, CampaignRules rules)
    {
        Workbench bench = await Workbench.StartAsync(Hub, images, people, rules);
        TestPerson manager = await Hub.Person("mia", Role.Manager, bench.Organization);
        Guid[] decided = await bench.LookAsync(async db =>
        {
            List<Perenne.Hub.Collect.Image> rows = [.. Enumerable.Range(1000, known).Select(i => Collect.Images.New(bench.Organization, bench.Project, i))];
            db.AddRange(rows);
            await db.SaveChangesAsync();
            foreach (Perenne.Hub.Collect.Image row in rows)
            {
                db.Add(new GroundTruth
                {
                    Id = row.Id, OrganizationId = row.OrganizationId, ProjectId = row.ProjectId, ImageId = row.Id, Source = TruthSource.Adjudicated, From = [], At = Hub.Time.GetUtcNow(), IsCurrent = true,
                    Document = new([new DocumentBox("k", "open", [10, 10, 20, 20])], [], System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty, ImageVerdict.Defects),
                });
            }

            await db.SaveChangesAsync();
            return rows.Select(r => r.Id).ToArray();
        });
        await bench.As(manager).Post($"{bench.Address}/campaigns/{bench.Campaign}/gold", new GoldRequest(decided)).Done();
        return (bench, manager, decided);
    }

    [Fact]
    public async Task Gold_tasks_come_at_their_share_look_like_any_other_and_score_their_annotator()
    {
        (Workbench bench, TestPerson manager, Guid[] gold) = await WithKnownAsync(images: 40, people: 2, known: 30, new(GoldShare: 0.3, ReviewShare: 0));
        List<string> members = [];
        int seen = 0, answered = 0;
        for (int person = 0; person < 2; person++)
        {
            while (await bench.PullAsync(bench.People[person]) is { StatusCode: HttpStatusCode.OK } pulled)
            {
                Lease lease = await Workbench.ReadAsync<Lease>(pulled);
                JsonElement view = await bench.As(bench.People[person]).Get<JsonElement>($"{bench.Address}/tasks/{lease.AssignmentId}");
                bool isGold = gold.Any(id => view.GetProperty("image").GetProperty("url").GetString()!.Contains(id.ToString(), StringComparison.Ordinal));
                members.Add(isGold + ":" + string.Join(',', view.EnumerateObject().Select(p => p.Name + (p.Value.ValueKind == JsonValueKind.Null ? "0" : "1"))));
                (seen, answered) = (seen + (isGold ? 1 : 0), answered + 1);

                // Anna is careful; Ben draws elsewhere.
                await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[person], lease, 0, Workbench.Draw("a", x: person == 0 ? 11 : 200)));
                await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[person], lease, 1));
                if (person == 0 && answered == 25)
                    break;
            }
        }

        Assert.InRange((double)seen / answered, 0.15, 0.45);

        // The first task of a person has no previous one; otherwise a gold task has the same members as any other.
        Assert.Equal(members.Where(m => m.StartsWith("False", StringComparison.Ordinal)).Select(m => m[6..]).Distinct().Order(), members.Select(m => m[(m.IndexOf(':', StringComparison.Ordinal) + 1)..]).Distinct().Order());

        // They count towards no target, and no dispute, truth or review comes of them.
        var totals = await bench.LookAsync(db => db.Set<CampaignTotal>().Where(t => t.CampaignId == bench.Campaign && t.Tasks != 0).ToListAsync());
        Assert.Equal(40, totals.Sum(t => t.Tasks));
        Assert.Equal(gold.Length, await bench.LookAsync(db => db.Set<GroundTruth>().CountAsync(t => gold.Contains(t.ImageId))));
        Assert.Equal(TaskState.Done, Assert.Single(totals).State);

        List<GoldRow> rows = await bench.As(manager).Get<List<GoldRow>>($"{bench.Address}/campaigns/{bench.Campaign}/gold");
        Assert.Equal(seen, rows.Sum(r => r.Answers));
        ProgressReport report = await bench.As(manager).Get<ProgressReport>($"{bench.Address}/campaigns/{bench.Campaign}/progress");
        Assert.Equal(1, report.People.Single(p => p.PersonId == bench.People[0].Id).Gold!.Value, 9);
        Assert.Equal(0, report.People.Single(p => p.PersonId == bench.People[1].Id).Gold!.Value, 9);
    }

    [Fact]
    public async Task Answers_of_people_who_are_new_or_score_low_are_all_reviewed()
    {
        (Workbench bench, _, Guid[] gold) = await WithKnownAsync(images: 40, people: 2, known: 20, new(GoldShare: 0.5, GoldLeast: 0.6, ReviewFirst: 1, ReviewShare: 0));
        for (int person = 0; person < 2; person++)
        {
            for (int i = 0; i < 24; i++) // Gold tasks are drawn: fewer than three, or hardly another, would be the one time in 50,000.
            {
                Lease lease = await bench.LeaseAsync(bench.People[person]);
                await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[person], lease, 0, Workbench.Draw("a", x: person == 0 ? 11 : 200)));
                await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[person], lease, 1));
            }
        }

        var states = await bench.LookAsync(db => (from slot in db.Set<Assignment>()
                                                  where slot.CampaignId == bench.Campaign && slot.State == AssignmentState.Submitted && slot.Task!.GoldTruthId == null
                                                  orderby slot.SubmittedAt, slot.Id
                                                  select new { slot.PersonId, slot.Task!.State }).ToListAsync());
        Assert.True(states.Count(s => s.PersonId == bench.People[0].Id && s.State == TaskState.InReview) <= 1); // Only the first.
        Assert.True(states.Count(s => s.PersonId == bench.People[1].Id && s.State == TaskState.InReview) >= 2);
        Assert.Contains(states, s => s.PersonId == bench.People[0].Id && s.State == TaskState.Done);
    }

    [Fact]
    public async Task Gold_needs_an_answer_that_is_known()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        TestPerson manager = await Hub.Person("mia", Role.Manager, bench.Organization);
        Guid image = await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).Select(t => t.ImageId).SingleAsync());
        Assert.Contains("no ground truth", await bench.As(manager).Post($"{bench.Address}/campaigns/{bench.Campaign}/gold", new GoldRequest([image])).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await bench.As(bench.People[0]).GetAsync($"{bench.Address}/campaigns/{bench.Campaign}/gold").Refused(HttpStatusCode.Forbidden);
    }
}
