using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>The demo's steps, one after the other; each ends with a sentence for the report.</summary>
internal sealed partial class DemoStory(DemoHub hub, DemoSource source, DemoSize size, string folder, int stationPort)
{
    private readonly DemoWorld world = new(hub.Address);
    private readonly DemoIntake intake = new(source);
    private readonly int[] next = new int[3];
    private int lastDataset;

    /// <summary>Of the demo's hub: the loop looks every few seconds instead of every minute.</summary>
    public static IEnumerable<string> Settings => ["--Hub:LoopTickSeconds=3", "--Hub:SignInAttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning"];

    public DemoReport Report { get; } = new("Perenne demo: the whole loop", hub.Address);

    public async Task RunAsync(Func<string, DemoBar> bar, CancellationToken cancel)
    {
        foreach ((string name, Func<DemoBar, CancellationToken, Task<string>> step) in Steps)
        {
            Stopwatch watch = Stopwatch.StartNew();
            TimeSpan before = hub.ProcessorTime;
            DemoBar screen = bar(name);
            try
            {
                string words = await step(screen, cancel);
                screen.Share(1);
                screen.Say(words);
                Done(name, words, true);
            }
            catch (HubFailure failure)
            {
                screen.Say(failure.Message);
                Done(name, failure.Message, false);
                return;
            }

            void Done(string step, string words, bool good) =>
                Report.Steps.Add(new(step, words, watch.Elapsed.TotalSeconds, (hub.ProcessorTime - before).TotalSeconds, good));
        }

        Report.Accounts.Add($"{DemoWorld.AdminEmail} (administrator), password {DemoWorld.Password}");
        Report.Accounts.AddRange(world.Sites.SelectMany(s => s.People).Select(p => $"{p.Email} ({p.Role}), the same password"));
    }

    private IEnumerable<(string, Func<DemoBar, CancellationToken, Task<string>>)> Steps =>
    [
        ("Three plants and their people", PeopleAsync),
        ("Production images arrive", ImagesAsync),
        ("Annotation campaigns with review", AnnotateAsync),
        ("First model", FirstModelAsync),
        ("Three stations go to work", StationsAsync),
        ("Calm production", CalmAsync),
        ("Worn light, new defect: until noticed", TroubleAsync),
        ("Audit of the sampled frames", AuditAsync),
        ("Measured, retrained, gate passed", RetrainAsync),
        ("Rollout in waves", RollOutAsync),
        ("Before and after", BeforeAfterAsync),
    ];

    private async Task<string> PeopleAsync(DemoBar bar, CancellationToken cancel)
    {
        await world.BuildAsync(await hub.SetUpCodeAsync(cancel), source, bar.Say, cancel);
        return $"{world.Sites.Count} organizations, {world.Sites.Sum(s => s.People.Count)} people, project '{source.Project}' with {source.Classes.Count} classes.";
    }

    private async Task<string> ImagesAsync(DemoBar bar, CancellationToken cancel)
    {
        Action<int> count = bar.Counter(world.Sites.Count * size.Images);
        int stored = 0;
        foreach (DemoPlant plant in world.Sites)
        {
            bar.Say(plant.Name);
            stored += await intake.SendAsync(world.Admin, world.Project, plant, Numbers(plant, size.Images), size.Images, DemoTrouble.None, count, cancel);
        }

        return $"{stored} images checked, hashed and stored, {size.Images} a plant.";
    }

    private async Task<string> AnnotateAsync(DemoBar bar, CancellationToken cancel)
    {
        Action<int> count = bar.Counter(world.Sites.Count * size.Images * 6 / 5);
        int[] done = await Task.WhenAll(world.Sites.Select(async plant =>
        {
            Guid campaign = await CampaignAsync(plant, "First model", size.Images, null, cancel);
            return await WorkAsync(plant, campaign, source.Classes, count, cancel);
        }));
        return $"{done.Sum()} answers by {world.Sites.Sum(p => p.Annotators.Count())} simulated annotators, 20 % of the images twice, 10 % reviewed.";
    }

    private int Numbers(DemoPlant plant, int count) => (next[plant.Number] += count) - count;

    private async Task<Guid> CampaignAsync(DemoPlant plant, string name, int target, object? filter, CancellationToken cancel)
    {
        JsonObject made = await world.Admin.PostAsync<JsonObject>($"api/v1/organizations/{plant.Slug}/projects/{world.Project}/campaigns", new
        {
            name,
            target,
            guidelines = "Mark every defect with a tight box. Say 'no defect' when there is none.",
            rules = new { overlapShare = 0.2, overlapCount = 2, reviewShare = 0.1 },
            filter = filter ?? new { },
            people = plant.Annotators.Select(p => p.Id).ToArray(),
        }, cancel);
        Guid campaign = made["id"]!.GetValue<Guid>();
        await world.Admin.PutAsync<object?>($"api/v1/projects/{world.Project}/campaigns/{campaign}/state", new { state = "running" }, cancel);
        return campaign;
    }

    private async Task<int> WorkAsync(DemoPlant plant, Guid campaign, IReadOnlyList<string> classes, Action<int> progress, CancellationToken cancel)
    {
        int[] answers = await Task.WhenAll(plant.Annotators.Select(p => Hand(p, classes).AnnotateAsync(campaign, progress, cancel)));
        await Hand(plant.Reviewer, classes).ReviewAsync(campaign, _ => { }, cancel);
        return answers.Sum();
    }

    private DemoAnnotator Hand(DemoPerson person, IReadOnlyList<string> classes) => new(person.Hub, person.Hand, world.Project, classes, intake.TruthOf);

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private string FileIn(string name) => Path.Combine(folder, name);
}
