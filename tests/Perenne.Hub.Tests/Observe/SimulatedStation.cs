using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Tests.Observe;

/// <summary>A station as the hub sees it: everything goes through the HTTP API with the token it got for its code.</summary>
internal sealed class SimulatedStation(HttpClient client, EnrolAnswer identity, TestProject project, TimeProvider time)
{
    private readonly IdSource ids = new(time);
    private long sequence, number;

    /// <summary>May be exchanged for one of another hub process.</summary>
    public HttpClient Client { get; set; } = client;

    public EnrolAnswer Identity { get; } = identity;

    public Guid Id => Identity.StationId;

    public static async Task<SimulatedStation> EnrolAsync(HubFixture hub, TestOrganization organization, TestProject project, string name = "line-1")
    {
        TestPerson administrator = await hub.Person("ada", Perenne.Hub.Shared.Rights.Role.Administrator, organization);
        StationCode code = await hub.As(administrator).Post($"/api/v1/organizations/{organization.Slug}/stations", new { name }).Read<StationCode>();
        EnrolAnswer identity = await hub.AsNobody().Post("/api/v1/stations/enrol", new EnrolRequest(code.Code, "1.0", "host-1")).Read<EnrolAnswer>();
        return new(hub.WithToken(identity.Token), identity, project, hub.Time);
    }

    /// <summary>One judgement, now; change it with <c>with</c>.</summary>
    public Observation Observe(Verdict verdict, double latency = 20, Guid? frame = null) => new()
    {
        Id = ids.Next(), Sequence = ++sequence, FrameId = frame ?? ids.Next(), ProjectId = project.Id, Camera = "top", CapturedAt = time.GetUtcNow(), JudgedAt = time.GetUtcNow(),
        Role = JudgementRole.Active, Verdict = verdict, Width = 640, Height = 640, LatencyMilliseconds = latency,
        Classes = verdict == Verdict.NotOk ? ["short"] : [], Scores = verdict == Verdict.NotOk ? [0.9] : [], Boxes = verdict == Verdict.NotOk ? [10, 20, 30, 40] : [],
        Reason = verdict == Verdict.CannotJudge ? "blurred" : null,
    };

    public Task<HttpResponseMessage> Put(IEnumerable<Observation> observations, string select = "*") => Put(++number, ParquetSegment.Write(observations, select));

    public async Task<HttpResponseMessage> Put(long segment, byte[] body, string? promised = null)
    {
        using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.apache.parquet") } };
        content.Headers.Add(StationHeaders.Sha256, promised ?? Convert.ToHexStringLower(SHA256.HashData(body)));
        return await Client.PutAsync($"/station/v1/segments/{segment.ToString(CultureInfo.InvariantCulture)}", content);
    }

    public async Task<HttpResponseMessage> PutImage(byte[] file, string reason, Guid? observation = null, string? address = null, string camera = "Kamera öben")
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        using ByteArrayContent content = new(file);
        content.Headers.Add(StationHeaders.Reason, reason);
        content.Headers.Add(StationHeaders.Camera, Uri.EscapeDataString(camera));
        content.Headers.Add(StationHeaders.Observation, (observation ?? ids.Next()).ToString());
        return await Client.PutAsync($"/station/v1/images/{address ?? hash}", content);
    }

    public async Task<ProjectPlan> PlanAsync() => Assert.Single((await Client.Get<StationPlan>("/station/v1/plan")).Projects);

    /// <summary>Judges frames as the plan says: the active model, and the other one (canary or shadow) beside it.</summary>
    public async Task<List<Observation>> WorkAsync(int frames, Func<int, Verdict> active, Func<int, Verdict>? other = null)
    {
        ProjectPlan plan = await PlanAsync();
        PlannedModel? beside = plan.Canary ?? (plan.Shadows is [PlannedModel first, ..] ? first : null);
        List<Observation> seen = [];
        for (int i = 0; i < frames; i++)
        {
            Observation judged = Observe(active(i));
            bool canaryDecides = plan.Canary is not null && i % 2 == 1 && plan.CanaryShare > 0;
            seen.Add(judged with { Role = canaryDecides ? JudgementRole.Shadow : JudgementRole.Active, DeploymentId = plan.Active!.DeploymentId, ModelVersionId = plan.Active.ModelVersionId });
            if (beside is not null)
            {
                seen.Add(Observe(other!(i), frame: judged.FrameId) with
                {
                    Role = canaryDecides ? JudgementRole.Canary : JudgementRole.Shadow, DeploymentId = beside.DeploymentId, ModelVersionId = beside.ModelVersionId,
                });
            }
        }

        await Put(seen).Done();
        return seen;
    }

    public Heartbeat Beat(params RunningModel[] models) => new()
    {
        SentAt = time.GetUtcNow(), Software = "1.0", StartedAt = time.GetUtcNow(), Queue = new(), Models = models,
        Cameras = [new("top", true, time.GetUtcNow(), 12)], DiskFreeBytes = 100L << 30,
    };
}
