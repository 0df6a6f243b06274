using Perenne.Contracts.Observations;
using Perenne.Hub.Monitor;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Observe;
using Perenne.Vision.Statistics;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Monitor;

/// <summary>One camera of one plant that produces by seed, a picture a minute, and the manager who watches it.</summary>
internal sealed class Line(SimulatedStation station, HttpClient manager, TestOrganization organization, TestProject project, MovableTime time)
{
    private readonly SeededRandom random = new(7);

    public HttpClient Manager { get; } = manager;

    public TestOrganization Organization { get; } = organization;

    public TestProject Project { get; } = project;

    public string Api => $"/api/v1/projects/{Project.Slug}";

    public DateTimeOffset Now { get; private set; } = time.GetUtcNow();

    public Guid Model { get; set; } = Guid.Parse("0194d3c0-0000-7000-8000-0000000000b1");

    public static async Task<Line> AsAsync(HubFixture hub, string name)
    {
        TestOrganization organization = await hub.Organization(name);
        return await AsAsync(hub, organization, await hub.Project("pcb", organization));
    }

    public static async Task<Line> AsAsync(HubFixture hub, TestOrganization organization, TestProject project) => new(
        await SimulatedStation.EnrolAsync(hub, organization, project), hub.As(await hub.Person("mia", Role.Manager, organization)), organization, project, hub.Time);

    /// <param name="light">Of the lamp, against when it was new.</param>
    public async Task ProduceAsync(int pictures, double light = 1)
    {
        List<Observation> seen = [];
        for (int i = 0; i < pictures; i++, Now = Now.AddMinutes(1))
        {
            bool isBad = random.Next(3) == 0;
            seen.Add(station.Observe(isBad ? Verdict.NotOk : Verdict.Ok) with
            {
                CapturedAt = Now, JudgedAt = Now, ModelVersionId = Model, Sharpness = 100 + (8 * random.NextNormal()), Noise = 3 + (0.3 * random.NextNormal()), Entropy = 6 + (0.1 * random.NextNormal()),
                Brightness = [0.1 * light, (0.5 + (0.02 * random.NextNormal())) * light, (0.9 + (0.02 * random.NextNormal())) * light],
                Features = [.. Enumerable.Range(0, 8).Select(_ => (float)(random.NextNormal() + (4 * (light - 1))))],
            });
        }

        time.Skip(Now - time.GetUtcNow() + TimeSpan.FromMinutes(1));
        Now = time.GetUtcNow();
        await station.Put(seen).Done();
    }

    public Task<DriftChecked> CheckAsync() => Manager.Post($"/api/v1/organizations/{Organization.Slug}/projects/{Project.Slug}/drift/check", new { }).Read<DriftChecked>();

    public Task<List<AlertRow>> AlertsAsync(bool closed = false) => Manager.Get<List<AlertRow>>($"{Api}/alerts{(closed ? "?closed=true" : "")}");

    public Task<List<CameraState>> CamerasAsync() => Manager.Get<List<CameraState>>($"{Api}/drift/cameras");
}
