using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Observations;
using Perenne.Hub.Agree;
using Perenne.Hub.Automate;
using Perenne.Hub.Deploy;
using Perenne.Hub.Registry;
using Perenne.Hub.Tests.Learn;
using Perenne.Hub.Tests.Observe;

namespace Perenne.Hub.Tests.Automate;

/// <summary>Two plants whose stations run a first model that a training made, a policy that retrains after a few new annotations, and the loop, turn by turn.</summary>
internal sealed class Loop
{
    private const int Pictures = 48, Frames = 60;

    private readonly HubFixture hub;

    private Loop(HubFixture hub, Workshop shop, TestOrganization porto, SimulatedStation[] stations) => (this.hub, Shop, Porto, Stations) = (hub, shop, porto, stations);

    public Workshop Shop { get; }

    public TestOrganization Porto { get; }

    public SimulatedStation[] Stations { get; }

    public HttpClient Client => Shop.Pool.Client;

    public string Address => Shop.Pool.Address;

    public static async Task<Loop> StartAsync(HubFixture hub, float gain, double pause = 0, string shadowHours = "0.5", int? steps = null)
    {
        TestOrganization porto = await hub.Organization("porto");
        Workshop shop = await Workshop.StartAsync(hub, Pictures, test: 0.5, others: porto);
        shop.Offer(gain);
        int first = (await shop.RunAsync(shop.Request(pause: pause))).Run.Model!.Value;
        await shop.Pool.Client.Post($"{shop.Pool.Address}/models/{first}/aliases", new AliasRequest(ModelAlias.Champion, "the first")).Done();
        Loop loop = new(hub, shop, porto, [await SimulatedStation.EnrolAsync(hub, shop.Pool.Lyon, shop.Pool.Project), await SimulatedStation.EnrolAsync(hub, porto, shop.Pool.Project)]);
        Guid version = (await shop.Pool.Client.Get<ModelCard>($"{shop.Pool.Address}/models/{first}")).Model.Id;
        HttpClient administrator = hub.As(await hub.Person("root", instanceAdministrator: true));
        foreach ((SimulatedStation station, TestOrganization place) in loop.Stations.Zip([shop.Pool.Lyon, porto]))
        {
            await station.Client.Post("/station/v1/heartbeat", station.Beat()).Done();
            await administrator.Post($"/api/v1/organizations/{place.Slug}/projects/{shop.Pool.Project.Slug}/deployments", new DeployRequest(version, DeploymentStage.Active, "the first", Override: true)).Done();
        }

        await loop.Client.Put($"{shop.Pool.Address}/policy", new PolicyDraft($$"""
            version: 1
            enabled: true
            collect: { top_up_below: 0 }
            evaluate: { least_accepted: 100000, newest_accepted: 100000 }
            retrain: { least_new_accepted: 4, new_accepted: 6, pause_hours: 0, minutes: 1{{(steps is null ? "" : $", steps: {steps}")}} }
            rollout: { automatic: true, shadow_hours: {{shadowHours}}, canary_hours: 0, least_frames: 50 }
            """, 0)).Done();
        return loop;
    }

    /// <summary>Three new accepted annotations in each plant.</summary>
    /// <param name="round">Each has pictures of its own.</param>
    public async Task AnnotateAsync(int round = 0)
    {
        for (int i = 0; i < 6; i++)
            await Workshop.AddPictureAsync(hub, Shop.Pool, Pictures + (6 * round) + i, organization: i % 2 == 0 ? Shop.Pool.Lyon : Porto, truth: TruthSource.Accepted);
    }

    /// <param name="hubs">So many look at the project at the same moment.</param>
    public async Task TurnAsync(int hubs = 1)
    {
        await Task.WhenAll(Enumerable.Range(0, hubs).Select(_ => hub.Inside(async services =>
        {
            await services.GetRequiredService<LoopTurn>().HandleAsync(Shop.Pool.Project.Id, TestContext.Current.CancellationToken);
            await services.GetRequiredService<AdvanceRollouts>().RunAsync(TestContext.Current.CancellationToken);
            return true;
        })));
    }

    /// <summary>Turn after turn, while the stations judge what they are told to, until the run is where it is wanted.</summary>
    public async Task<FlowRunRow> UntilAsync(Func<FlowRunRow, bool> isThere, int hubs = 1)
    {
        Dictionary<Guid, Guid> watched = [];
        while (true)
        {
            await TurnAsync(hubs);
            if (await NewestAsync() is { } run && isThere(run))
                return run;
            foreach (SimulatedStation station in Stations)
            {
                // Each deployment that only watches gets its frames once, and its hours.
                if ((await station.PlanAsync()).Shadows is [var shadow] && watched.GetValueOrDefault(station.Id) != shadow.DeploymentId)
                {
                    watched[station.Id] = shadow.DeploymentId;
                    await station.WorkAsync(Frames, _ => Verdict.Ok, _ => Verdict.Ok);
                    hub.Time.Skip(TimeSpan.FromHours(1));
                }
            }

            await Task.Delay(250, TestContext.Current.CancellationToken);
        }
    }

    public async Task<FlowRunRow?> NewestAsync() => (await Client.Get<FlowRunList>($"{Address}/flows?kind=retrain")).Runs is [FlowRunRow newest, ..] ? newest : null;

    public Task<List<ModelRow>> ModelsAsync() => Client.Get<List<ModelRow>>($"{Address}/models");

    public async Task<int> ChampionAsync() => (await ModelsAsync()).Single(m => m.Aliases.Contains(ModelAlias.Champion)).Number;
}
