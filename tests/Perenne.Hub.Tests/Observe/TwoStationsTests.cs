using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Observe;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Rights;
using Perenne.TestSupport;
using Role = Perenne.Hub.Shared.Rights.Role;

namespace Perenne.Hub.Tests.Observe;

/// <summary>
/// Two real stations in two organizations judge real boards for a real hub, by themselves: they enrol, fetch and check signed packages, judge what
/// their cameras replay, and deliver. Only people's decisions are made here.
/// </summary>
public sealed class TwoStationsTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task A_version_goes_from_shadow_to_active_where_it_is_good_and_a_bad_one_is_taken_back_by_itself_everywhere()
    {
        string boards = SharedData.Require("data/deeppcb");
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        HttpClient ada = Hub.As(await Hub.Person("ada", instanceAdministrator: true));
        Guid first = await Upload(ada, pcb, 2f), second = await Upload(ada, pcb, 1.9f), blind = await Upload(ada, pcb, 0f);
        foreach (TestOrganization plant in new[] { lyon, porto })
        {
            await ada.Put($"/api/v1/organizations/{plant.Slug}/projects/{pcb.Slug}/deployment-policy", new PolicyRow(new() { AuditShare = 0.1, BandShare = 0 }, new(MinFrames: 20))).Done();
            await Deploy(ada, plant, pcb, first, DeploymentStage.Active);
        }

        await using LiveStation atLyon = await LiveStation.StartAsync(Hub, ada, lyon, boards, "group00041"), atPorto = await LiveStation.StartAsync(Hub, ada, porto, boards, "group12100");
        await Until(async () => await Decided(lyon, first) >= 20 && await Decided(porto, first) >= 20);

        // In Lyon version 2 watches, shares, decides.
        await Deploy(ada, lyon, pcb, second, DeploymentStage.Shadow);
        await Until(async () => await Frames(lyon, second, "shadow") >= 30);
        Assert.Equal(0, await Decided(lyon, second));
        await Deploy(ada, lyon, pcb, second, DeploymentStage.Canary, 0.5);
        await Until(async () => await Frames(lyon, second, "canary") >= 15);
        await Deploy(ada, lyon, pcb, second, DeploymentStage.Active);
        await Until(async () => await Frames(lyon, second, "active") >= 30);

        // The bad version sees nothing. In Porto it differs from the model in use, in Lyon it is made active against all gates and the operators object.
        await Deploy(ada, porto, pcb, blind, DeploymentStage.Canary, 0.2);
        await Until(async () => (await History(ada, porto, pcb)).History[0].Stage == DeploymentStage.RolledBack);
        await Deploy(ada, lyon, pcb, blind, DeploymentStage.Active);
        await Until(async () =>
        {
            await atLyon.PressMissedDefectAsync(blind);
            return (await History(ada, lyon, pcb)).History[0].Stage == DeploymentStage.RolledBack;
        });
        await Until(() => Task.FromResult(atLyon.Deciding == second && atPorto.Deciding == first));

        DeploymentHistory inPorto = await History(ada, porto, pcb), inLyon = await History(ada, lyon, pcb);
        Assert.Contains("differently from the model in use", inPorto.History[0].Reason, StringComparison.Ordinal);
        Assert.Contains("Operators objected", inLyon.History[0].Reason, StringComparison.Ordinal);
        Assert.Equal((true, true), (inPorto.History[0].IsAutomatic, inLyon.History[0].IsAutomatic));
        Assert.Equal([DeploymentStage.RolledBack, DeploymentStage.Active, DeploymentStage.Active, DeploymentStage.Canary, DeploymentStage.Shadow, DeploymentStage.Active], inLyon.History.Select(h => h.Stage));

        // Each judgement of each station is in the lake once.
        foreach ((LiveStation station, TestOrganization plant) in new[] { (atLyon, lyon), (atPorto, porto) })
        {
            long judged = await station.StopAsync();
            List<Segment> segments = await Hub.Inside(db => db.Set<Segment>().Where(s => s.OrganizationId == plant.Id).OrderBy(s => s.Number).ToListAsync());
            Assert.Equal(judged, segments.Sum(s => (long)s.Rows));
            Assert.Equal(Enumerable.Range(1, segments.Count).Select(n => (long)n), segments.Select(s => s.Number));
            Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.Equal(pair.First.LastSequence + 1, pair.Second.FirstSequence));
            List<ObservationRow> sampled = [.. (await ada.Get<List<ObservationRow>>($"/api/v1/projects/{pcb.Slug}/observations?organization={plant.Id}&take=1000")).Where(o => o.SampleReason is not null)];
            Assert.NotEmpty(sampled);
            Assert.All(sampled, o => Assert.NotNull(o.Image));
        }
    }

    private Task<int> Frames(TestOrganization plant, Guid model, string role) =>
        Hub.Inside(async db => await db.Set<SegmentFigure>().Where(f => f.OrganizationId == plant.Id && f.ModelVersionId == model && f.Role == role).SumAsync(f => f.Frames));

    private async Task<int> Decided(TestOrganization plant, Guid model) => await Frames(plant, model, "active") + await Frames(plant, model, "canary");

    private static async Task Until(Func<Task<bool>> isSo)
    {
        while (!await isSo())
            await Task.Delay(200, TestContext.Current.CancellationToken);
    }

    private static Task<DeploymentRow> Deploy(HttpClient client, TestOrganization plant, TestProject project, Guid model, DeploymentStage stage, double share = 1) =>
        client.Post($"/api/v1/organizations/{plant.Slug}/projects/{project.Slug}/deployments", new DeployRequest(model, stage, "test", share, Override: true)).Read<DeploymentRow>();

    private static async Task<DeploymentHistory> History(HttpClient client, TestOrganization plant, TestProject project) =>
        (await client.Get<List<DeploymentHistory>>($"/api/v1/projects/{project.Slug}/deployments")).Single(h => h.Now.OrganizationId == plant.Id);

    private static async Task<Guid> Upload(HttpClient client, TestProject project, float gain)
    {
        string folder = Directory.CreateTempSubdirectory("perenne-model-").FullName;
        try
        {
            TestModels.BoardDifferences(folder, gain);
            using MultipartFormDataContent form = new()
            {
                { new StringContent(await File.ReadAllTextAsync(Path.Combine(folder, "model.json"))), "description" },
                { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, "model.onnx"))), "network", "model.onnx" },
            };
            return (await client.PostAsync($"/api/v1/projects/{project.Slug}/models", form).Read<ModelUploaded>()).Id;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
