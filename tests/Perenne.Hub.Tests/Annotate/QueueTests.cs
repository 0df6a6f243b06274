using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Progress;

namespace Perenne.Hub.Tests.Annotate;

public sealed class QueueTestsOnSqlite(SqliteHub hub) : QueueTests(hub), IClassFixture<SqliteHub>;

public sealed class QueueTestsOnPostgres(PostgresHub hub) : QueueTests(hub), IClassFixture<PostgresHub>
{
    [Fact]
    public async Task Of_a_submit_and_a_skip_at_the_same_moment_one_holds()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        TestPerson person = bench.People[0];
        string database = (await bench.LookAsync(db => Task.FromResult(db.Database.GetConnectionString())))!;
        Lease lease = await bench.LeaseAsync(person);
        Saved saved = await Workbench.ReadAsync<Saved>(await bench.SaveAsync(person, lease, 0, Workbench.Draw("mine")));

        // From two tabs; SQLite has one writer at a time, so that it cannot happen there.
        using BeforeCommand submitted = new(database, async () => await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(person, lease, saved.Revision)), "UPDATE", "assignments", "skip_reason");
        HttpResponseMessage skipped = await bench.SkipAsync(person, lease, SkipReason.NotSure);

        Assert.Equal(HttpStatusCode.Conflict, skipped.StatusCode);
        AnnotationTask task = await bench.LookAsync(db => db.Set<AnnotationTask>().SingleAsync(t => t.CampaignId == bench.Campaign));
        Assert.Equal((1, 0), (task.Submitted, task.Skipped));
    }
}

public abstract class QueueTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Many_people_pulling_at_once_never_get_the_same_slot_and_overlap_is_exact()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 60, people: 8, new(OverlapShare: 0.3, OverlapCount: 2, ReviewShare: 0));
        await Task.WhenAll(bench.People.Select(async person =>
        {
            while (true)
            {
                HttpResponseMessage pulled = await bench.PullAsync(person);
                if (pulled.StatusCode == HttpStatusCode.NotFound)
                    return;
                Lease lease = await Workbench.ReadAsync<Lease>(pulled);
                await Workbench.ReadAsync<Saved>(await bench.SaveAsync(person, lease, 0, Workbench.Draw("b")));
                await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(person, lease, 1));
            }
        }));

        var tasks = await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).ToListAsync());
        var slots = await bench.LookAsync(db => db.Set<Assignment>().Where(a => a.CampaignId == bench.Campaign).ToListAsync());
        Assert.Equal(60, tasks.Count);
        Assert.Contains(tasks, t => t.Required == 2);
        Assert.All(tasks, task =>
        {
            var own = slots.Where(s => s.TaskId == task.Id).ToList();
            Assert.Equal(task.Required, own.Count);
            Assert.Equal(task.Required, task.Submitted);
            Assert.Equal(TaskState.Done, task.State);
            Assert.Equal(own.Count, own.Select(s => s.PersonId).Distinct().Count());
        });
    }

    [Fact]
    public async Task A_double_click_on_next_gives_one_task()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 20, people: 1);
        Lease[] leases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bench.LeaseAsync(bench.People[0])));
        Assert.Single(leases.Select(l => l.AssignmentId).Distinct());
        Assert.Single(leases.Select(l => l.Fence).Distinct());
    }

    [Fact]
    public async Task An_expired_lease_goes_to_somebody_else_and_leaves_a_draft_with_its_author()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 2);
        Lease first = await bench.LeaseAsync(bench.People[0]);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], first, 0, Workbench.Draw("mine")));
        Assert.Equal(HttpStatusCode.NotFound, (await bench.PullAsync(bench.People[1])).StatusCode);

        Hub.Time.Skip(TimeSpan.FromMinutes(31));
        Lease second = await bench.LeaseAsync(bench.People[1]);
        Assert.Equal(first.AssignmentId, second.AssignmentId);
        Assert.True(second.Fence > first.Fence);

        Saved late = await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], first, 1, Workbench.Draw("late")));
        Assert.Contains("kept as your draft", late.LeaseLost, StringComparison.Ordinal);
        Assert.Contains("kept as your draft", await Workbench.RefusalAsync(await bench.SubmitAsync(bench.People[0], first, 2)), StringComparison.Ordinal);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[1], second, 0, Workbench.Draw("theirs")));
        await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[1], second, 1));

        var documents = await bench.LookAsync(db => db.Set<Annotation>().Where(a => a.ProjectId == bench.Project.Id).ToListAsync());
        Assert.Equal(["mine", "late"], documents.Single(d => d.AuthorId == bench.People[0].Id).Document.Shapes.Select(s => s.Id));
        Assert.Equal(["theirs"], documents.Single(d => d.AuthorId == bench.People[1].Id).Document.Shapes.Select(s => s.Id));
    }

    [Fact]
    public async Task What_is_handed_in_or_saved_at_the_moment_when_somebody_takes_the_slot_stays_with_its_author()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 2, people: 2);
        (TestPerson late, TestPerson other) = (bench.People[0], bench.People[1]);
        string database = (await bench.LookAsync(db => Task.FromResult(db.Database.GetConnectionString())))!;
        Lease first = await bench.LeaseAsync(late);
        Saved saved = await Workbench.ReadAsync<Saved>(await bench.SaveAsync(late, first, 0, Workbench.Draw("mine")));
        await bench.FinishOneAsync(other);

        // The other has read that the lease ran out, and is about to take it: it is prolonged by a save.
        Hub.Time.Skip(TimeSpan.FromMinutes(31));
        using BeforeCommand prolonged = new(database, async () => saved = await Workbench.ReadAsync<Saved>(await bench.SaveAsync(late, first, saved.Revision, Workbench.Draw("more"))), "UPDATE", "assignments", "leased_at");
        Assert.Equal(HttpStatusCode.NotFound, (await bench.PullAsync(other)).StatusCode);
        Assert.True(prolonged.Happened);

        // The same once more, and the answer is handed in.
        Hub.Time.Skip(TimeSpan.FromMinutes(31));
        using BeforeCommand submitted = new(database, async () => await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(late, first, saved.Revision)), "UPDATE", "assignments", "leased_at");
        Assert.Equal(HttpStatusCode.NotFound, (await bench.PullAsync(other)).StatusCode);
        Assert.True(submitted.Happened);

        Assignment slot = await bench.LookAsync(db => db.Set<Assignment>().SingleAsync(a => a.Id == first.AssignmentId));
        Assert.Equal((AssignmentState.Submitted, late.Id), (slot.State, slot.PersonId!.Value));
    }

    [Fact]
    public async Task A_person_whose_lease_ran_out_while_nobody_wanted_it_goes_on()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        Lease first = await bench.LeaseAsync(bench.People[0]);
        Hub.Time.Skip(TimeSpan.FromHours(2));
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], first, 0, Workbench.Draw("a")));
        await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[0], first, 1));
    }

    [Fact]
    public async Task A_retried_save_or_submit_is_applied_once()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 2, people: 1);
        Lease lease = await bench.LeaseAsync(bench.People[0]);
        for (int i = 0; i < 3; i++)
            Assert.Equal(1, (await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], lease, 0, Workbench.Draw("a")))).Revision);
        for (int i = 0; i < 3; i++)
            Assert.Equal(2, (await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[0], lease, 1))).Revision);
        var days = await bench.LookAsync(db => db.Set<CampaignDay>().Where(d => d.CampaignId == bench.Campaign).ToListAsync());
        Assert.Equal(1, Assert.Single(days).Submitted);
    }

    [Fact]
    public async Task Two_tabs_that_save_on_the_same_revision_are_both_kept()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        Lease lease = await bench.LeaseAsync(bench.People[0]);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], lease, 0, Workbench.Draw("tab1")));
        HttpResponseMessage behind = await bench.SaveAsync(bench.People[0], lease, 0, Workbench.Draw("tab2"));
        Assert.Equal(HttpStatusCode.Conflict, behind.StatusCode);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[0], lease, 1, Workbench.Draw("tab2")));
        var document = await bench.LookAsync(db => db.Set<Annotation>().SingleAsync(a => a.ProjectId == bench.Project.Id));
        Assert.Equal(["tab1", "tab2"], document.Document.Shapes.Select(s => s.Id));
    }

    [Fact]
    public async Task A_quota_stops_for_today_and_says_so()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 5, people: 1, new(QuotaPerDay: 2, ReviewShare: 0));
        await bench.FinishOneAsync(bench.People[0]);
        await bench.FinishOneAsync(bench.People[0]);
        Assert.Contains("quota of 2", await Workbench.RefusalAsync(await bench.PullAsync(bench.People[0])), StringComparison.Ordinal);
        Hub.Time.Skip(TimeSpan.FromHours(25));
        await bench.LeaseAsync(bench.People[0]);
    }

    [Fact]
    public async Task A_skipped_image_is_asked_of_another_person_before_it_is_given_up()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 2);
        await Workbench.ReadAsync<Saved>(await bench.SkipAsync(bench.People[0], await bench.LeaseAsync(bench.People[0]), SkipReason.Blurred));
        Assert.Contains("other people", await Workbench.RefusalAsync(await bench.PullAsync(bench.People[0])), StringComparison.Ordinal);
        await Workbench.ReadAsync<Saved>(await bench.SkipAsync(bench.People[1], await bench.LeaseAsync(bench.People[1]), SkipReason.Blurred));
        var task = await bench.LookAsync(db => db.Set<AnnotationTask>().SingleAsync(t => t.CampaignId == bench.Campaign));
        Assert.Equal(TaskState.Unannotatable, task.State);
    }

    [Fact]
    public async Task Somebody_elses_task_cannot_be_saved_to_nor_reached_through_another_project()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 2, people: 2);
        Workbench other = await Workbench.StartAsync(Hub, images: 1, people: 1);
        Lease lease = await bench.LeaseAsync(bench.People[0]);
        Assert.Equal(HttpStatusCode.Forbidden, (await bench.SaveAsync(bench.People[1], lease, 0, Workbench.Draw("x"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.SaveAsync(other.People[0], lease, 0, Workbench.Draw("x"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bench.SaveAsync(other.People[0], lease, 0, Workbench.Draw("x"))).StatusCode);
    }

    [Fact]
    public async Task Overlapped_answers_that_disagree_become_a_dispute_and_no_ground_truth()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 2, new(OverlapShare: 1, ReviewShare: 0));
        for (int i = 0; i < 2; i++)
        {
            Lease lease = await bench.LeaseAsync(bench.People[i]);
            await Workbench.ReadAsync<Saved>(await bench.SaveAsync(bench.People[i], lease, 0, Workbench.Draw("a", x: 10 + (i * 200))));
            await Workbench.ReadAsync<Saved>(await bench.SubmitAsync(bench.People[i], lease, 1));
        }

        var task = await bench.LookAsync(db => db.Set<AnnotationTask>().SingleAsync(t => t.CampaignId == bench.Campaign));
        Assert.Equal(TaskState.Disputed, task.State);
        Assert.Equal(0, await bench.LookAsync(db => db.Set<Perenne.Hub.Agree.GroundTruth>().CountAsync(t => t.ProjectId == bench.Project.Id)));
    }

    [Fact]
    public async Task Counters_equal_a_recount()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 10, people: 3, new(OverlapShare: 0.5, ReviewShare: 0.5));
        for (int i = 0; i < 9; i++)
            await bench.FinishOneAsync(bench.People[i % 3]);
        var kept = (await bench.LookAsync(db => db.Set<CampaignTotal>().Where(t => t.CampaignId == bench.Campaign && t.Tasks != 0).ToListAsync())).ToDictionary(t => t.State, t => t.Tasks);
        var counted = (await bench.LookAsync(db => db.Set<AnnotationTask>().Where(t => t.CampaignId == bench.Campaign).ToListAsync())).GroupBy(t => t.State).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(counted, kept);
        Assert.Equal(9, await bench.LookAsync(db => db.Set<CampaignDay>().Where(d => d.CampaignId == bench.Campaign).SumAsync(d => d.Submitted)));
    }
}
