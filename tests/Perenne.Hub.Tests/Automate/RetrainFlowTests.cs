using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Automate;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Registry;
using Perenne.Hub.Tests.Learn;
using Perenne.Hub.Train;

namespace Perenne.Hub.Tests.Automate;

/// <summary>A whole retraining: real trainer processes, real evaluations, stations that speak to the hub as stations do.</summary>
public abstract class RetrainFlowTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task New_annotations_become_one_dataset_one_model_and_one_deployment_in_each_plant_however_many_hubs_look()
    {
        const int hubs = 3;
        Loop loop = await Loop.StartAsync(Hub, gain: 0);
        loop.Shop.Offer(gain: 1);
        await loop.TurnAsync(hubs);
        Assert.Null(await loop.NewestAsync());
        await loop.AnnotateAsync();

        FlowRunRow run = await loop.UntilAsync(r => r.State != FlowState.Running, hubs);

        Assert.True(run.State == FlowState.Succeeded, string.Join('\n', run.Log.Select(n => n.Words)));
        Guid project = loop.Shop.Pool.Project.Id;
        (int datasets, int trainings, int evaluations, List<Rollout> rollouts, List<Deployment> deployments) = await Hub.Inside(async db => (
            await db.Set<DatasetVersion>().CountAsync(v => v.ProjectId == project), await db.Set<TrainingRun>().CountAsync(r => r.ProjectId == project),
            await db.Set<Evaluation>().CountAsync(e => e.ProjectId == project), await db.Set<Rollout>().Where(r => r.ProjectId == project).ToListAsync(),
            await db.Set<Deployment>().Where(d => d.ProjectId == project).OrderBy(d => d.Number).ToListAsync()));
        Assert.Equal((2, 2, 2), (datasets, trainings, evaluations));
        Assert.Equal([1, 2], (await loop.ModelsAsync()).Select(m => m.Number).Order());
        Assert.Equal(2, await loop.ChampionAsync());
        Rollout rollout = Assert.Single(rollouts);
        Assert.Equal((RolloutState.Finished, run.Id), (rollout.State, rollout.Id));
        foreach (TestOrganization place in (TestOrganization[])[loop.Shop.Pool.Lyon, loop.Porto])
            Assert.Equal([(DeploymentStage.Active, 1), (DeploymentStage.Shadow, 2), (DeploymentStage.Active, 2)], deployments.Where(d => d.OrganizationId == place.Id).Select(d => (d.Stage, d.ModelNumber)));
        Assert.Collection(run.Log.Select(n => n.Words),
            w => Assert.Equal("Begun.", w),
            w => Assert.Equal("All accepted images were frozen: dataset version 2 holds 54 of them. The training is next.", w),
            w => Assert.Equal("Training run 2 made model 2. Its gate is next.", w),
            w => Assert.Matches(@"^Model 2 reaches mAP [\d.]+ % on the frozen test split, the champion 0.0 %. It is the candidate.$", w),
            w => Assert.StartsWith("The rollout of model 2 ", w, StringComparison.Ordinal),
            w => Assert.Equal("Model 2 decides in all organizations of the rollout. It is the champion.", w));
        Assert.Contains("6 accepted images are new", run.Reason, StringComparison.Ordinal);
        Assert.Equal(54, run.Outputs.Images);
        Assert.True(run.CostSeconds > 0, "Nobody says what it cost.");
    }

    [Fact]
    public async Task A_worse_model_is_refused_by_the_gate_and_the_champion_stays()
    {
        Loop loop = await Loop.StartAsync(Hub, gain: 1);
        loop.Shop.Offer(gain: 0);
        await loop.AnnotateAsync();

        FlowRunRow run = await loop.UntilAsync(r => r.State != FlowState.Running);

        Assert.Equal((FlowState.Refused, GateSteps.Stage), (run.State, run.Stage));
        Assert.EndsWith("the policy asks for 0.0 % more. The champion stays.", run.Log[^1].Words, StringComparison.Ordinal);
        Assert.Equal(1, await loop.ChampionAsync());
        Assert.Null(run.Outputs.Rollout);
    }

    [Fact]
    public async Task A_cancelled_run_stops_its_training_and_takes_no_further_step()
    {
        Loop loop = await Loop.StartAsync(Hub, gain: 0);
        loop.Shop.Order("wait");
        await loop.AnnotateAsync();
        FlowRunRow run = await loop.UntilAsync(r => r.Stage == RetrainSteps.Training);
        await loop.TurnAsync();
        await Learning.UntilAsync(() => TrainingAsync(loop), state => state == RunState.Running);
        // Else the policy, which has no pause here, orders the next one, and that waits for ever where others want to train.
        await loop.Client.Put($"{loop.Address}/policy", new PolicyDraft("version: 1\nenabled: false\n", 1)).Done();

        await loop.Client.PostAsync($"{loop.Address}/flows/{run.Id}/cancel", null).Done();
        RunState? training = await Learning.UntilAsync(() => TrainingAsync(loop), state => state is not (RunState.Running or RunState.Stopping));
        await loop.TurnAsync();

        FlowRunRow now = await loop.Client.Get<FlowRunRow>($"{loop.Address}/flows/{run.Id}");
        Assert.Equal((RunState.Cancelled, FlowState.Cancelled), (training, now.State));
        Assert.Single(await loop.ModelsAsync());
        await loop.Client.PostAsync($"{loop.Address}/flows/{run.Id}/cancel", null).Refused(HttpStatusCode.Conflict);
        await loop.Client.PostAsync($"{loop.Address}/flows/{run.Id}/retry", null).Refused(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_run_cancelled_in_its_rollout_leaves_what_decides_as_it_is()
    {
        Loop loop = await Loop.StartAsync(Hub, gain: 0);
        loop.Shop.Offer(gain: 1);
        await loop.AnnotateAsync();
        FlowRunRow run = await loop.UntilAsync(r => r.Outputs.Rollout is not null);

        await loop.Client.PostAsync($"{loop.Address}/flows/{run.Id}/cancel", null).Done();
        for (int i = 0; i < 4; i++)
        {
            Hub.Time.Skip(TimeSpan.FromHours(1));
            await loop.TurnAsync();
        }

        Assert.Equal(RolloutState.Stopped, await Hub.Inside(db => db.Set<Rollout>().Where(r => r.Id == run.Id).Select(r => r.State).SingleAsync()));
        Assert.Equal(1, await loop.ChampionAsync());
    }

    [Fact]
    public async Task A_failed_training_ends_the_run_with_its_last_words_and_a_retry_trains_again_on_the_same_data()
    {
        Loop loop = await Loop.StartAsync(Hub, gain: 0);
        loop.Shop.Offer(gain: 1);
        loop.Shop.Order("fail");
        await loop.AnnotateAsync();
        FlowRunRow failed = await loop.UntilAsync(r => r.State != FlowState.Running);
        loop.Shop.Order(null);

        await loop.Client.PostAsync($"{loop.Address}/flows/{failed.Id}/retry", null).Done();
        FlowRunRow run = await loop.UntilAsync(r => r.State != FlowState.Running);

        Assert.Equal((FlowState.Failed, RetrainSteps.Training), (failed.State, failed.Stage));
        Assert.Contains("has no example that fits into a crop", failed.Log[^1].Words, StringComparison.Ordinal);
        Assert.True(run.State == FlowState.Succeeded, string.Join('\n', run.Log.Select(n => n.Words)));
        Assert.Equal((failed.Id, failed.Outputs.DatasetVersion), (run.Id, run.Outputs.DatasetVersion));
        Assert.Equal(2, await loop.ChampionAsync());
        Assert.True(run.CostSeconds > failed.CostSeconds && failed.CostSeconds > 0);
    }

    // The people of one plant do not see a training on another's images: asked of the database.
    private Task<RunState?> TrainingAsync(Loop loop) => Hub.Inside(db => db.Set<TrainingRun>().Where(r => r.ProjectId == loop.Shop.Pool.Project.Id && r.Number == 2).Select(r => (RunState?)r.State).SingleOrDefaultAsync());
}

public sealed class RetrainFlowOnSqlite(SqliteHub hub) : RetrainFlowTests(hub), IClassFixture<SqliteHub>;

public sealed class RetrainFlowOnPostgres(PostgresHub hub) : RetrainFlowTests(hub), IClassFixture<PostgresHub>;
