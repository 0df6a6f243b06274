using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Observe;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Observe;
using Perenne.TestSupport;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Deploy;

/// <summary>Two plants against one hub, everything through the HTTP API: shadow, canary, active, a bad version, automatic rollback.</summary>
public abstract class DeploymentFlowTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_bad_version_is_taken_back_by_itself_where_it_is_bad_and_stays_where_it_is_good()
    {
        Fleet fleet = await NewFleet();
        await Deploy(fleet, fleet.Lyon, fleet.First, DeploymentStage.Active);
        await Deploy(fleet, fleet.Porto, fleet.First, DeploymentStage.Active);

        // Version 2 goes shadow -> canary -> active in Lyon and works.
        await Deploy(fleet, fleet.Lyon, fleet.Second, DeploymentStage.Shadow);
        await Work(fleet.AtLyon, 120, _ => Verdict.Ok, _ => Verdict.Ok);
        await Deploy(fleet, fleet.Lyon, fleet.Second, DeploymentStage.Canary, share: 0.5);
        ProjectPlan canary = await Plan(fleet.AtLyon);
        await Work(fleet.AtLyon, 120, _ => Verdict.Ok, _ => Verdict.Ok);
        await Deploy(fleet, fleet.Lyon, fleet.Second, DeploymentStage.Active);
        await Work(fleet.AtLyon, 120, _ => Verdict.Ok);

        // In Porto, whose parts look different, it disagrees with the model in use on every third frame.
        await Deploy(fleet, fleet.Porto, fleet.Second, DeploymentStage.Shadow, overrideGates: true);
        await Deploy(fleet, fleet.Porto, fleet.Second, DeploymentStage.Canary, share: 0.2);
        ProjectPlan risky = await Plan(fleet.AtPorto);
        await Work(fleet.AtPorto, 150, _ => Verdict.Ok, i => i % 3 == 0 ? Verdict.NotOk : Verdict.Ok);
        ProjectPlan safe = await Plan(fleet.AtPorto);
        List<DifferenceRow> differences = await fleet.Administrator.Get<List<DifferenceRow>>($"/api/v1/projects/{fleet.Pcb.Slug}/observations/differences?organizationId={fleet.Porto.Id}&modelVersionId={fleet.Second}&take=1000");
        EvidenceRow working = (await fleet.Administrator.Get<List<EvidenceRow>>($"/api/v1/projects/{fleet.Pcb.Slug}/deployments/evidence")).Single(e => e.OrganizationId == fleet.Lyon.Id);

        Assert.Equal((fleet.First, fleet.Second, 0.5), (canary.Active!.ModelVersionId, canary.Canary!.ModelVersionId, canary.CanaryShare));
        Assert.Equal(fleet.Second, (await Plan(fleet.AtLyon)).Active!.ModelVersionId);
        Assert.Equal((fleet.Second, fleet.Second), (risky.Canary!.ModelVersionId, Assert.Single(risky.Shadows).ModelVersionId));
        Assert.Equal((fleet.First, null, 0d), (safe.Active!.ModelVersionId, safe.Canary, safe.CanaryShare));
        Assert.Equal(50, differences.Count);
        // Whichever of the two decided: the second version is the one that rejects.
        Assert.All(differences, d => Assert.Equal([(fleet.First, "ok"), (fleet.Second, "notOk")], new[] { d.Decided, d.Watched }.Select(side => (side.ModelVersionId!.Value, side.Verdict)).OrderByDescending(side => side.Verdict)));
        Assert.Equal(25, differences.Count(d => d.Decided.ModelVersionId == fleet.First));
        Assert.Equal((DeploymentStage.Active, 120, 0), (working.Stage, working.Decided, working.Disagreed));
        DeploymentRow rollback = (await History(fleet, fleet.Porto)).History[0];
        Assert.Equal((DeploymentStage.RolledBack, true, fleet.Second), (rollback.Stage, rollback.IsAutomatic, rollback.ModelVersionId));
        Assert.Contains("differently from the model in use", rollback.Reason, StringComparison.Ordinal);
        Assert.True(await Hub.Inside(db => db.Set<AuditEntry>().AnyAsync(e => e.OrganizationId == fleet.Porto.Id && e.Action == "deployment.rolledBack")));
    }

    [Fact]
    public async Task An_active_version_that_operators_object_to_gives_way_to_the_one_before()
    {
        Fleet fleet = await NewFleet();
        DeploymentRow first = await Deploy(fleet, fleet.Lyon, fleet.First, DeploymentStage.Active);
        Hub.Time.Skip(TimeSpan.FromHours(1));
        await Deploy(fleet, fleet.Lyon, fleet.Second, DeploymentStage.Active);
        List<Observation> seen = await Work(fleet.AtLyon, 150, _ => Verdict.NotOk);
        await ObjectAsync(fleet.AtLyon, seen.Take(20));
        DeploymentHistory history = await History(fleet, fleet.Lyon);
        DeployedNow before = await fleet.Scientist.Get<DeployedNow>(
            $"/api/v1/organizations/{fleet.Lyon.Slug}/projects/{fleet.Pcb.Slug}/deployments/at?time={Uri.EscapeDataString(first.At.AddMinutes(30).ToString("O"))}");

        Assert.Equal([DeploymentStage.RolledBack, DeploymentStage.Active, DeploymentStage.Active], history.History.Select(h => h.Stage));
        Assert.Equal((fleet.First, true), (history.Now.Active!.ModelVersionId, history.History[0].IsAutomatic));
        Assert.Contains("Operators objected", history.History[0].Reason, StringComparison.Ordinal);
        Assert.Equal(fleet.First, before.Active!.ModelVersionId);
        await fleet.Scientist.Post($"/api/v1/organizations/{fleet.Lyon.Slug}/projects/{fleet.Pcb.Slug}/deployments/rollback", new { reason = "again" }).Refused(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Where_operators_objected_as_much_to_the_version_before_lately_the_new_one_stays_until_it_is_worse()
    {
        Fleet fleet = await NewFleet();
        await Deploy(fleet, fleet.Lyon, fleet.First, DeploymentStage.Active);
        // Calm for long, which must not hide what came then: a fifth of the newest 500 verdicts are called wrong.
        await Work(fleet.AtLyon, 600, _ => Verdict.NotOk);
        Hub.Time.Skip(TimeSpan.FromHours(1));
        await ObjectAsync(fleet.AtLyon, (await Work(fleet.AtLyon, 500, _ => Verdict.NotOk)).Take(100));
        Hub.Time.Skip(TimeSpan.FromHours(1));
        await Deploy(fleet, fleet.Lyon, fleet.Second, DeploymentStage.Active);
        List<Observation> seen = await Work(fleet.AtLyon, 150, _ => Verdict.NotOk);
        await ObjectAsync(fleet.AtLyon, seen.Take(30));
        DeploymentHistory asBad = await History(fleet, fleet.Lyon);
        await ObjectAsync(fleet.AtLyon, seen.Skip(30).Take(40));
        DeploymentHistory worse = await History(fleet, fleet.Lyon);

        Assert.Equal(fleet.Second, asBad.Now.Active!.ModelVersionId);
        Assert.Equal((fleet.First, DeploymentStage.RolledBack), (worse.Now.Active!.ModelVersionId, worse.History[0].Stage));
        Assert.Contains("the model before had 20 %", worse.History[0].Reason, StringComparison.Ordinal);
    }

    private async Task ObjectAsync(SimulatedStation station, IEnumerable<Observation> frames)
    {
        foreach (Observation frame in frames)
        {
            await station.Client.Post("/station/v1/feedback", new OperatorFeedback
            {
                Id = frame.FrameId, ObservationId = frame.Id, Kind = FeedbackKind.FalseAlarm, At = Hub.Time.GetUtcNow(), DeploymentId = frame.DeploymentId, ModelVersionId = frame.ModelVersionId,
            }).Done();
        }
    }

    [Fact]
    public async Task A_station_gets_the_signed_package_in_pieces_and_only_what_is_planned_for_its_organization()
    {
        Fleet fleet = await NewFleet();
        await Deploy(fleet, fleet.Lyon, fleet.First, DeploymentStage.Active);
        PlannedModel model = (await Plan(fleet.AtLyon)).Active!;
        string address = $"/station/v1/models/{model.ModelVersionId}/";

        byte[] manifest = await fleet.AtLyon.Client.GetByteArrayAsync(address + "model.json"), onnx = await fleet.AtLyon.Client.GetByteArrayAsync(address + "model.onnx");
        using HttpRequestMessage rest = new(HttpMethod.Get, address + "model.onnx") { Headers = { Range = new RangeHeaderValue(100, null) } };
        using HttpResponseMessage part = await fleet.AtLyon.Client.SendAsync(rest);

        Assert.True(ModelSignature.Verify(fleet.AtLyon.Identity.SigningKey, model));
        Assert.False(ModelSignature.Verify(fleet.AtLyon.Identity.SigningKey, model with { Sha256 = new string('0', 64) }));
        Assert.Equal((model.Sha256, model.ManifestSha256, model.Bytes), (Hash(onnx), Hash(manifest), onnx.LongLength));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(onnx[100..], await part.Content.ReadAsByteArrayAsync());
        await fleet.AtPorto.Client.GetAsync(address + "model.onnx").Refused(HttpStatusCode.NotFound);
        await fleet.AtLyon.Client.GetAsync($"/station/v1/models/{fleet.Second}/model.onnx").Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_gate_that_does_not_pass_holds_the_model_back_unless_an_administrator_says_so()
    {
        Fleet fleet = await NewFleet();
        string address = $"/api/v1/organizations/{fleet.Lyon.Slug}/projects/{fleet.Pcb.Slug}/deployments";
        HttpClient scientist = Hub.As(await Hub.Person("sam", Role.DataScientist, fleet.Lyon));

        string held = await scientist.Post(address, new { modelVersionId = fleet.First, stage = "active", reason = "new" }).Refused(HttpStatusCode.Conflict);
        await scientist.Post(address, new { modelVersionId = fleet.First, stage = "active", reason = "new", @override = true }).Refused(HttpStatusCode.Forbidden);
        string nothing = await fleet.Administrator.Post(address, new { modelVersionId = fleet.First, stage = "canary", reason = "new", @override = true }).Refused(HttpStatusCode.Conflict);
        await scientist.Post(address, new { modelVersionId = fleet.First, stage = "shadow", reason = "watch" }).Done();
        DeploymentRow forced = await fleet.Administrator.Post(address, new { modelVersionId = fleet.First, stage = "active", reason = "the first one", @override = true }).Read<DeploymentRow>();

        Assert.Contains("No station has measured its latency here", held, StringComparison.Ordinal);
        Assert.Contains("shares the frames with a deciding model", nothing, StringComparison.Ordinal);
        Assert.True(forced.IsOverride);
        Assert.Contains(forced.Gates, g => g.Name == "latency" && g.Passed is null);
    }

    [Fact]
    public async Task Two_people_who_deploy_at_once_write_one_history_without_gaps()
    {
        Fleet fleet = await NewFleet();
        await Deploy(fleet, fleet.Lyon, fleet.First, DeploymentStage.Active);
        string address = $"/api/v1/organizations/{fleet.Lyon.Slug}/projects/{fleet.Pcb.Slug}/deployments";

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            fleet.Administrator.Post(address, new { modelVersionId = fleet.Second, stage = i % 2 == 0 ? "shadow" : "canary", share = 0.1, reason = $"try {i}", @override = true })));

        Assert.All(answers, a => Assert.Contains(a.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Conflict }));
        DeploymentHistory history = await History(fleet, fleet.Lyon);
        Assert.Equal(Enumerable.Range(1, history.History.Count).Reverse(), history.History.Select(h => h.Number));
        Assert.Equal(1 + answers.Count(a => a.StatusCode == HttpStatusCode.OK), history.History.Count);
    }

    private sealed record Fleet(
        TestOrganization Lyon, TestOrganization Porto, TestProject Pcb, SimulatedStation AtLyon, SimulatedStation AtPorto, HttpClient Administrator, HttpClient Scientist, Guid First, Guid Second);

    private async Task<Fleet> NewFleet()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        HttpClient administrator = Hub.As(await Hub.Person("ada", instanceAdministrator: true));
        Guid first = await Upload(administrator, pcb, 1f), second = await Upload(administrator, pcb, 0.9f);
        return new(lyon, porto, pcb, await SimulatedStation.EnrolAsync(Hub, lyon, pcb), await SimulatedStation.EnrolAsync(Hub, porto, pcb), administrator,
            Hub.As(await Hub.Person("sam", Role.DataScientist, lyon)), first, second);
    }

    private static async Task<Guid> Upload(HttpClient client, TestProject project, float gain)
    {
        string folder = Directory.CreateTempSubdirectory("perenne-model-").FullName;
        try
        {
            TestModels.BrightSpots(folder, gain: gain);
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

    private static Task<DeploymentRow> Deploy(Fleet fleet, TestOrganization organization, Guid model, DeploymentStage stage, double share = 1, bool overrideGates = true) =>
        fleet.Administrator.Post($"/api/v1/organizations/{organization.Slug}/projects/{fleet.Pcb.Slug}/deployments", new DeployRequest(model, stage, "test", share, Override: overrideGates)).Read<DeploymentRow>();

    private static Task<ProjectPlan> Plan(SimulatedStation station) => station.PlanAsync();

    private static Task<List<Observation>> Work(SimulatedStation station, int frames, Func<int, Verdict> active, Func<int, Verdict>? other = null) => station.WorkAsync(frames, active, other);

    private static async Task<DeploymentHistory> History(Fleet fleet, TestOrganization organization) =>
        (await fleet.Administrator.Get<List<DeploymentHistory>>($"/api/v1/projects/{fleet.Pcb.Slug}/deployments")).Single(h => h.Now.OrganizationId == organization.Id);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

public sealed class DeploymentFlowTestsOnSqlite(SqliteHub hub) : DeploymentFlowTests(hub), IClassFixture<SqliteHub>;

public sealed class DeploymentFlowTestsOnPostgres(PostgresHub hub) : DeploymentFlowTests(hub), IClassFixture<PostgresHub>;
