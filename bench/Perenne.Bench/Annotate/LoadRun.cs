using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.TestSupport;

namespace Perenne.Bench.Annotate;

/// <summary>
/// Hundreds of annotators at once. <c>desk</c>: they arrive one by one and think, for the times. <c>drain</c>: nobody thinks, browsers die and all leases
/// run out again and again, down to the last of all tasks, for the promises. <c>sizes</c>: the next task of a queue of a thousand against that of a million.
/// Clients and hub share one process and its cores.
/// </summary>
internal static class LoadRun
{
    // A task every half a minute each: quick annotators, without a pause.
    private static readonly TimeSpan Thinking = TimeSpan.FromSeconds(20);

    /// <param name="seconds">Of the desk; the drain is given ten times as long.</param>
    /// <param name="only">postgres or sqlite, desk, drain or sizes; a number is the tasks of the drain. Nothing: all of it.</param>
    public static async Task RunAsync(int seconds, IReadOnlySet<string> only)
    {
        bool Wanted(string one, params string[] others) => only.Contains(one) || !others.Append(one).Any(only.Contains);
        int drained = only.Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out int number) ? number : 0).Append(0).Max() is > 0 and int given ? given : 100_000;
        string[] parts = [.. new[] { "desk", "drain", "sizes" }.Where(part => Wanted(part, "desk", "drain", "sizes"))];
        if (Wanted("postgres", "sqlite"))
        {
            (string? admin, string problem) = PostgresCluster.Start();
            if (admin is null)
                Console.WriteLine($"PostgreSQL was not measured: {problem}");
            else
                await DatabaseAsync("PostgreSQL", admin, people: 500, seconds, drained, parts);
        }

        if (Wanted("sqlite", "postgres"))
            await DatabaseAsync("SQLite", null, people: 60, seconds, drained, parts);
    }

    private static async Task DatabaseAsync(string database, string? admin, int people, int seconds, int drained, string[] parts)
    {
        await using LoadHub hub = await LoadHub.StartAsync(admin, "load");
        using SocketsHttpHandler connections = new() { MaxConnectionsPerServer = people };
        List<(Guid Person, HttpClient Client)> team = await hub.PeopleAsync(people, connections);
        Guid[] ids = [.. team.Select(t => t.Person)];
        if (parts.Contains("desk"))
            await LongQueueAsync(database, hub, team, await hub.CampaignAsync(100_000, ids, new(ReviewShare: 0, LeaseMinutes: 30)), 100_000, seconds);
        if (parts.Contains("drain"))
            await DrainAsync(database, hub, team, await hub.CampaignAsync(drained, ids, new(ReviewShare: 0, LeaseMinutes: 5)), drained, seconds);
        if (parts.Contains("sizes"))
            await SizesAsync(database, hub, team[0], await hub.CampaignAsync(1_000, ids, new()), await hub.CampaignAsync(1_000_000, ids, new()));
    }

    private static async Task LongQueueAsync(string database, LoadHub hub, List<(Guid Person, HttpClient Client)> team, Guid campaign, int tasks, int seconds)
    {
        Promises promises = new();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds) + Thinking);
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(team.Select(async (one, i) =>
        {
            Random random = new(i);
            await Task.Delay(Thinking * random.NextDouble()); // People do not all arrive in the same second.
            LoadClient client = new(hub.Api, campaign, one.Person, one.Client, random, promises, killShare: 0.02, Thinking);
            while (!stop.IsCancellationRequested)
                await client.OneTaskAsync(CancellationToken.None);
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{database}, {team.Count} people, {tasks:N0} tasks, {clock.Elapsed.TotalSeconds:0} s: {promises.Submitted.Count:N0} submitted, {promises.Kills} browsers died; next {Times(promises.Next)}, save {Times(promises.Save)}, submit {Times(promises.Submit)}"));
        int requests = promises.Next.Count + promises.Save.Count + promises.Submit.Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{database}: {requests / clock.Elapsed.TotalSeconds:0.0} requests/s, {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / requests:0.0} ms processor time of hub and clients a request"));
        await HoldAgainstAsync(database + ", long queue", hub, campaign, promises, drained: false);
    }

    private static async Task DrainAsync(string database, LoadHub hub, List<(Guid Person, HttpClient Client)> team, Guid campaign, int tasks, int seconds)
    {
        Promises promises = new();
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(10 * seconds)), done = new();
        Stopwatch clock = Stopwatch.StartNew();
        int jumps = 0;
        Task time = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(20), done.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                hub.Time.Skip(TimeSpan.FromMinutes(6)); // Longer than a lease: whatever is held at this moment runs out.
                if (++jumps % 3 == 0)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {clock.Elapsed.TotalSeconds:0} s: {promises.Submitted.Count:N0} submitted, {promises.Kills:N0} browsers died, {promises.Expired:N0} leases lost"));
            }
        });
        await Task.WhenAll(team.Select(async (one, i) =>
        {
            Random random = new(1000 + i);
            await Task.Delay(TimeSpan.FromSeconds(5 * random.NextDouble()));
            LoadClient client = new(hub.Api, campaign, one.Person, one.Client, random, promises, killShare: 0.05, TimeSpan.FromMilliseconds(50));
            while (!stop.IsCancellationRequested)
            {
                if (await client.OneTaskAsync(CancellationToken.None))
                    continue;
                if (await hub.InsideAsync(db => db.Set<AnnotationTask>().CountAsync(t => t.CampaignId == campaign && t.State == TaskState.Open)) == 0)
                    return;

                // "Nothing left" while others still work. False only if there is something for this person now and the hub goes on denying it.
                if (await FreeForAsync(hub, campaign, one.Person) > 0 && !await client.OneTaskAsync(CancellationToken.None) && await FreeForAsync(hub, campaign, one.Person) > 0)
                    promises.FalselyEmpty();
                await Task.Delay(1000);
            }
        }));
        await done.CancelAsync();
        await time;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{database}, {team.Count} people, {tasks:N0} tasks to the last, {clock.Elapsed.TotalSeconds:0} s: {promises.Submitted.Count:N0} submitted, {promises.Kills:N0} browsers died, all leases ran out {jumps} times, {promises.Expired:N0} submits after their lease had passed on"));
        await HoldAgainstAsync(database + ", drain", hub, campaign, promises, drained: true);
    }

    /// <summary>Slots that this person could be given at this moment.</summary>
    private static Task<int> FreeForAsync(LoadHub hub, Guid campaign, Guid person)
    {
        DateTimeOffset now = hub.Time.GetUtcNow();
        return hub.InsideAsync(db => db.Set<Assignment>().CountAsync(a => a.CampaignId == campaign && (a.State == AssignmentState.Free || (a.State == AssignmentState.Leased && a.LeaseExpiresAt <= now))
            && a.ReservedFor == null && !db.Set<Assignment>().Any(b => b.TaskId == a.TaskId && b.PersonId == person && b.Id != a.Id)));
    }

    /// <summary>What every client was told, against what the database holds.</summary>
    private static async Task HoldAgainstAsync(string what, LoadHub hub, Guid campaign, Promises promises, bool drained)
    {
        var slots = await hub.InsideAsync(db => db.Set<Assignment>().AsNoTracking().Where(a => a.CampaignId == campaign && a.State != AssignmentState.Free).Select(a => new { a.Id, a.TaskId, a.PersonId, a.State }).ToListAsync());
        var open = await hub.InsideAsync(db => db.Set<AnnotationTask>().AsNoTracking().Where(t => t.CampaignId == campaign && (t.Submitted > t.Required || (t.State == TaskState.Open && t.Submitted == t.Required))).CountAsync());
        int left = await hub.InsideAsync(db => db.Set<AnnotationTask>().CountAsync(t => t.CampaignId == campaign && t.State == TaskState.Open));
        HashSet<(Guid, string)> kept = [.. (await hub.InsideAsync(db => (from o in db.Set<AppliedOperation>() join a in db.Set<Annotation>() on o.AnnotationId equals a.Id
                                                                         where db.Set<AnnotationTask>().Any(t => t.Id == a.TaskId && t.CampaignId == campaign) select new { a.AuthorId, o.OperationId }).ToListAsync())).Select(o => (o.AuthorId!.Value, o.OperationId))];
        var bySlot = slots.ToDictionary(s => s.Id);
        int twice = slots.Where(s => s.PersonId is not null).GroupBy(s => (s.TaskId, s.PersonId)).Count(g => g.Count() > 1) + open;
        int lost = promises.Saved.Count(s => !kept.Contains((s.Person, s.Operation)))
            + promises.Submitted.Count(s => !(bySlot.TryGetValue(s.Assignment, out var slot) && slot.State == AssignmentState.Submitted && slot.PersonId == s.Person));
        // The clients of the drain ask until every task has its answers: only the end of the given time may leave one open.
        if (drained)
            Console.WriteLine(left > 0 ? $"{what}: the time was too short, {left:N0} tasks are open." : $"{what}: every task has exactly its answers.");
        Console.WriteLine($"{what}: {twice} overlap violations, {lost} of {promises.Saved.Count + promises.Submitted.Count} saves and submits lost, {(drained ? promises.False : promises.Empty)} false \"empty\", {promises.Trouble.Count} other errors");
        foreach (string trouble in promises.Trouble.Distinct().Take(5))
            Console.WriteLine("  " + trouble[..Math.Min(200, trouble.Length)]);
    }

    private static async Task SizesAsync(string database, LoadHub hub, (Guid Person, HttpClient Client) one, params Guid[] campaigns)
    {
        List<double>[] times = [[], []];
        for (int round = 0; round < 210; round++)
        {
            for (int size = 0; size < 2; size++)
            {
                long start = Stopwatch.GetTimestamp();
                using HttpResponseMessage pulled = await one.Client.PostAsync($"{hub.Api}/campaigns/{campaigns[size]}/next", null);
                double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                pulled.EnsureSuccessStatusCode();
                if (round >= 10)
                    times[size].Add(took);

                // Given back by the hub's own hand, so that the next pull takes one anew.
                await hub.InsideAsync(db => db.Set<Assignment>().Where(a => a.CampaignId == campaigns[size] && a.State == AssignmentState.Leased)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.State, AssignmentState.Free).SetProperty(a => a.PersonId, (Guid?)null).SetProperty(a => a.Fence, a => a.Fence + 1)));
            }
        }

        double small = Median(times[0]), large = Median(times[1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{database}, next task, 200 pulls each in turn: 1,000 tasks median {small:0.0} ms, 1,000,000 tasks median {large:0.0} ms, ratio {large / small:0.00}"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Times(IReadOnlyCollection<double> all)
    {
        double[] sorted = [.. all.Order()];
        return sorted.Length == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"p50 {sorted[sorted.Length / 2]:0} ms p99 {sorted[(int)(sorted.Length * 0.99)]:0} ms");
    }
}
