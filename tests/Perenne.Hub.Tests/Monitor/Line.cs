using Perenne.Contracts.Observations;
using Perenne.Hub.Automate;
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

    public SimulatedStation Station { get; } = station;

    /// <summary>What the newest delivery held.</summary>
    public IReadOnlyList<Observation> Newest { get; private set; } = [];

    public Guid Model { get; set; } = Guid.Parse("0194d3c0-0000-7000-8000-0000000000b1");

    public static async Task<Line> AsAsync(HubFixture hub, string name)
    {
        TestOrganization organization = await hub.Organization(name);
        return await AsAsync(hub, organization, await hub.Project("pcb", organization));
    }

    /// <summary>Small windows, so that a test takes seconds: 200 to compare with, 100 to fit components, 100 judged at a time.</summary>
    public static async Task<Line> AsAsync(HubFixture hub, TestOrganization organization, TestProject project, string more = "")
    {
        HttpClient scientist = hub.As(await hub.Person("dan", Role.DataScientist, organization));
        string yaml = "version: 1\nmonitor:\n  reference: 200\n  window: 100\n" + more;
        await scientist.Put($"/api/v1/projects/{project.Slug}/policy", new PolicyDraft(yaml, 0)).Done();
        return new(await SimulatedStation.EnrolAsync(hub, organization, project), hub.As(await hub.Person("mia", Role.Manager, organization)), organization, project, hub.Time);
    }

    /// <param name="light">Of the lamp, against when it was new.</param>
    /// <param name="camera">Its name.</param>
    /// <param name="columns">What the station writes.</param>
    public async Task ProduceAsync(int pictures, double light = 1, string camera = "top", Func<Observation, int, Observation>? change = null, string columns = "*")
    {
        List<Observation> seen = [];
        for (int i = 0; i < pictures; i++, Now = Now.AddMinutes(1))
        {
            bool isBad = random.Next(3) == 0;
            Observation one = Station.Observe(isBad ? Verdict.NotOk : Verdict.Ok) with
            {
                Camera = camera, CapturedAt = Now, JudgedAt = Now, ModelVersionId = Model, Sharpness = 100 + (8 * random.NextNormal()), Noise = 3 + (0.3 * random.NextNormal()), Entropy = 6 + (0.1 * random.NextNormal()),
                Brightness = [0.1 * light, (0.5 + (0.02 * random.NextNormal())) * light, (0.9 + (0.02 * random.NextNormal())) * light],
                Features = [.. Enumerable.Range(0, 8).Select(_ => (float)(random.NextNormal() + (4 * (light - 1))))],
            };
            seen.Add(change is null ? one : change(one, i));
        }

        Newest = seen;

        time.Skip(Now - time.GetUtcNow() + TimeSpan.FromMinutes(1));
        Now = time.GetUtcNow();
        await Station.Put(seen, columns).Done();
    }

    /// <summary>Goes on from the clock's now.</summary>
    public void Rest() => Now = time.GetUtcNow();

    public Task<DriftChecked> CheckAsync() => Manager.Post($"{Api}/drift/rounds", new { }).Read<DriftChecked>();

    public Task<List<AlertRow>> AlertsAsync(bool resolved = false) => Manager.Get<List<AlertRow>>($"{Api}/alerts{(resolved ? "?resolved=true" : "")}");

    public Task<List<PerformanceRow>> PerformanceAsync() => Manager.Get<List<PerformanceRow>>($"{Api}/performance");

    public Task<List<CameraState>> CamerasAsync() => Manager.Get<List<CameraState>>($"{Api}/drift/cameras");
}
