using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Observations;
using Perenne.Hub.Automate;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Work;
using Perenne.Hub.Tests.Observe;
using Perenne.Hub.Train;

namespace Perenne.Hub.Tests.Automate;

/// <summary>
/// Two real hub processes on one PostgreSQL and one object store, each with a folder of its own. The one that trains is killed with SIGKILL at a random
/// moment of the training; the other must make exactly one model, one rollout and one deployment in each plant of it. Then the dead one is started again.
/// </summary>
public sealed class TwoHubsTests(PostgresHub hub) : HubTests(hub), IClassFixture<PostgresHub>
{
    private const int Steps = 60, Frames = 60;
    private const double StepSeconds = 0.05;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly List<(Process Process, HttpClient Client)> hubs = [];
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_hub_that_trains_is_killed_and_the_other_makes_exactly_one_model_and_one_deployment() => RepeatAsync(2);

    /// <summary>Minutes: not part of ./test. PERENNE_REPEAT says how often; see docs/benchmarks.md.</summary>
    [Fact(Explicit = true)]
    public Task Killed_over_and_over_it_is_always_exactly_one() =>
        RepeatAsync(int.TryParse(Environment.GetEnvironmentVariable("PERENNE_REPEAT"), NumberStyles.None, CultureInfo.InvariantCulture, out int times) ? times : 50);

    private async Task RepeatAsync(int times)
    {
        Loop loop = await Loop.StartAsync(Hub, gain: 1, pause: StepSeconds, shadowHours: "0.0001", steps: Steps);
        // The new model is as good as the old one, and of some age: the stations' clock is the real one from here on.
        await Hub.App.StopAsync(Cancel);
        int resumed = 0, lost = 0;
        try
        {
            hubs.Add(await StartAsync(loop, 0));
            hubs.Add(await StartAsync(loop, 1));
            for (int round = 0; round < times; round++)
            {
                Stopwatch watch = Stopwatch.StartNew();
                (int at, int resumes) = await RoundAsync(loop, round);
                resumed += resumes > 0 ? 1 : 0;
                lost += resumes > 0 ? 0 : 1;
                TestContext.Current.TestOutputHelper?.WriteLine($"{round + 1}: killed after step {at} of {Steps}, {resumes} resumed, {watch.Elapsed.TotalSeconds:0} s");
            }
        }
        finally
        {
            foreach ((Process process, HttpClient client) in hubs)
            {
                process.Kill(entireProcessTree: true);
                client.Dispose();
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{times} kills: {resumed} trainings taken over by the other hub, {lost} over before the kill; exactly one model version and one deployment in each plant every time.");
        Assert.True(resumed > 0, "No kill met a training.");
    }

    private async Task<(int Step, int Resumes)> RoundAsync(Loop loop, int round)
    {
        Guid project = loop.Shop.Pool.Project.Id;
        HashSet<Guid> before = [.. await Hub.Inside(db => db.Set<FlowRun>().Where(r => r.ProjectId == project).Select(r => r.Id).ToListAsync())];
        await loop.AnnotateAsync(round);
        // Anywhere in the training: its first step, its middle, its last.
        int threshold = new Random(7919 * (round + 1)).Next(0, Steps - 5);
        (int victim, Guid training) = await UntilAsync(() => TrainsAsync(loop, before, threshold), found => found.Victim >= 0, "no training began");
        int step = await StepAsync(loop, victim, training);
        hubs[victim].Process.Kill(); // SIGKILL: nobody tells the trainer, nothing is released.
        await hubs[victim].Process.WaitForExitAsync(Cancel);
        foreach (SimulatedStation station in loop.Stations)
            station.Client = Talking(station, 1 - victim);

        FlowRun done;
        try
        {
            done = await UntilAsync(() => WorkAsync(loop, before), run => run.State != FlowState.Running, "the flow did not end");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n{await StoryAsync(loop)}", late);
        }

        Assert.True(done.State == FlowState.Succeeded, string.Join('\n', done.Log.Select(n => n.Words)));
        int resumes = await ExactlyOneAsync(loop, done, before);
        hubs[victim].Client.Dispose();
        hubs[victim] = await StartAsync(loop, victim);
        return (step, resumes);
    }

    // All there is to find out why a flow stands still: where it is, what it waits for, and what the hubs had to say.
    private async Task<string> StoryAsync(Loop loop)
    {
        Guid project = loop.Shop.Pool.Project.Id;
        string rows = await Hub.Inside(async db => string.Join('\n', new object?[]
        {
            await db.Set<FlowRun>().AsNoTracking().Where(r => r.ProjectId == project).OrderByDescending(r => r.StartedAt).Take(3).ToListAsync(),
            await db.Set<TrainingRun>().AsNoTracking().Where(r => r.ProjectId == project).OrderByDescending(r => r.Number).Take(2).ToListAsync(),
            await db.Set<Rollout>().AsNoTracking().Where(r => r.ProjectId == project).OrderByDescending(r => r.StartedAt).Take(2).ToListAsync(),
            await db.Set<Deployment>().AsNoTracking().Where(d => d.ProjectId == project).OrderByDescending(d => d.At).Take(8).ToListAsync(),
            await db.Set<Perenne.Hub.Shared.Work.WorkItem>().AsNoTracking().Take(20).ToListAsync(),
        }.Select(o => System.Text.Json.JsonSerializer.Serialize(o))));
        string[] logs = [.. hubs.Select((_, number) => Path.Combine(Hub.Folder, $"hub-{number}", HubProcess.LogName)).Where(File.Exists).SelectMany(log => File.ReadLines(log).TakeLast(60).Prepend(log))];
        List<string> plans = [];
        foreach (SimulatedStation station in loop.Stations)
            plans.Add(System.Text.Json.JsonSerializer.Serialize(await station.PlanAsync()));
        return $"{rows}\n{string.Join('\n', plans)}\n{string.Join('\n', logs)}";
    }

    private Task<(Process, HttpClient)> StartAsync(Loop loop, int number)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Hub.Folder, $"hub-{number}")).FullName;
        return HubProcess.StartAsync(folder, loop.Shop.Pool.Scientist.Token, Cancel, [.. Hub.Database, "--Hub:WorkLeaseSeconds", "5", "--Hub:LoopTickSeconds", "1"]);
    }

    private HttpClient Talking(SimulatedStation station, int to) => new() { BaseAddress = hubs[to].Client.BaseAddress, DefaultRequestHeaders = { Authorization = new("Bearer", station.Identity.Token) } };

    // Who holds the claim says which hub trains: its trainer is a child of that process.
    private async Task<(int Victim, Guid Training)> TrainsAsync(Loop loop, HashSet<Guid> before, int threshold)
    {
        Guid project = loop.Shop.Pool.Project.Id;
        Guid training = await Hub.Inside(db => db.Set<TrainingRun>().Where(r => r.ProjectId == project && r.State == RunState.Running).Select(r => r.Id).SingleOrDefaultAsync());
        for (int i = 0; training != default && i < hubs.Count; i++)
            if (Lines(i, training) >= threshold && File.Exists(Path.Combine(Job(i, training), "metrics.jsonl")))
                return (i, training);
        return (-1, default);
    }

    private Task<int> StepAsync(Loop loop, int victim, Guid training) => Task.FromResult(Lines(victim, training));

    private int Lines(int number, Guid training)
    {
        string metrics = Path.Combine(Job(number, training), "metrics.jsonl");
        return File.Exists(metrics) ? File.ReadLines(metrics).Count() : -1;
    }

    private string Job(int number, Guid training) => Path.Combine(Hub.Folder, $"hub-{number}", "jobs", training.ToString("n"));

    // Stations judge what they are told to, until the flow is where it is wanted.
    private async Task<FlowRun> WorkAsync(Loop loop, HashSet<Guid> before)
    {
        foreach (SimulatedStation station in loop.Stations)
            if ((await station.PlanAsync()).Shadows.Count > 0)
                await station.WorkAsync(Frames, _ => Verdict.Ok, _ => Verdict.Ok);
        Guid project = loop.Shop.Pool.Project.Id;
        return await Hub.Inside(db => db.Set<FlowRun>().AsNoTracking().Where(r => r.ProjectId == project && r.Kind == FlowKind.Retrain && !before.Contains(r.Id)).OrderBy(r => r.StartedAt).FirstAsync());
    }

    private async Task<int> ExactlyOneAsync(Loop loop, FlowRun flow, HashSet<Guid> before)
    {
        Guid project = loop.Shop.Pool.Project.Id;
        return await Hub.Inside(async db =>
        {
            Assert.Equal(flow.Id, Assert.Single(await db.Set<FlowRun>().Where(r => r.ProjectId == project && r.Kind == FlowKind.Retrain && !before.Contains(r.Id)).Select(r => r.Id).ToListAsync()));
            ModelVersion model = Assert.Single(await db.Set<ModelVersion>().Where(m => m.ProjectId == project && m.RunId == flow.Outputs.TrainingRun).ToListAsync());
            Assert.Equal(flow.Outputs.ModelVersion, model.Id);
            int models = await db.Set<ModelVersion>().CountAsync(m => m.ProjectId == project), trainings = await db.Set<TrainingRun>().CountAsync(r => r.ProjectId == project), datasets = await db.Set<DatasetVersion>().CountAsync(v => v.ProjectId == project);
            // One of each for the first model, and one for each flow.
            int flows = await db.Set<FlowRun>().CountAsync(r => r.ProjectId == project && r.Kind == FlowKind.Retrain);
            Assert.Equal((flows + 1, flows + 1, flows + 1), (models, trainings, datasets));
            Assert.Equal(RolloutState.Finished, Assert.Single(await db.Set<Rollout>().Where(r => r.ProjectId == project && r.ModelVersionId == model.Id).ToListAsync()).State);
            foreach (TestOrganization place in (TestOrganization[])[loop.Shop.Pool.Lyon, loop.Porto])
                Assert.Equal([DeploymentStage.Shadow, DeploymentStage.Active],
                    await db.Set<Deployment>().Where(d => d.ProjectId == project && d.OrganizationId == place.Id && d.ModelVersionId == model.Id).OrderBy(d => d.Number).Select(d => d.Stage).ToListAsync());
            Assert.Equal(model.Id, await db.CurrentOf(project).Where(a => a.Alias == ModelAlias.Champion).Select(a => a.ModelVersionId).SingleAsync());
            return await db.Set<TrainingRun>().Where(r => r.Id == flow.Outputs.TrainingRun).Select(r => r.Resumes).SingleAsync();
        });
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isThere, string otherwise)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            T now = await look();
            if (isThere(now))
                return now;
            await Task.Delay(100, Cancel);
        }

        throw new TimeoutException($"After {Patience.TotalMinutes:0} minutes {otherwise}.");
    }
}
