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

    /// <summary>Pages of the hub on which the step can be looked at.</summary>
    private List<DemoLink> links = [];

    private TimeSpan ProcessorTime => ProcessTree.ProcessorTime([hub.ProcessId, .. stations.Select(s => s.ProcessId)]);

    /// <summary>Of the demo's hub: the loop looks every few seconds instead of every minute, the monitor instead of every hour.</summary>
    public static IEnumerable<string> Settings => ["--Hub:LoopTickSeconds=3", "--Hub:MonitorSeconds=3", "--Hub:SignInAttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning"];

    /// <summary>The hub's and one for each station.</summary>
    public const int Ports = 4;

    public DemoReport Report { get; } = new(Title(source), hub.Address);

    public async Task RunAsync(Func<string, DemoBar> bar, CancellationToken cancel)
    {
        foreach ((string name, Func<DemoBar, CancellationToken, Task<string>> step) in Steps)
        {
            Stopwatch watch = Stopwatch.StartNew();
            TimeSpan before = ProcessorTime;
            DemoBar screen = bar(name);
            links = [];
            try
            {
                string words = await step(screen, cancel);
                screen.Share(1);
                screen.Say(words);
                Done(name, words, true);
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested)
            {
                // What was done so far is worth reading, whatever stopped it.
                string said = failure is HubFailure ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
                screen.Say(said);
                Done(name, said, false);
                break;
            }

            void Done(string step, string words, bool good) =>
                Report.Steps.Add(new(step, words, watch.Elapsed.TotalSeconds, (ProcessorTime - before).TotalSeconds, good, links));
        }

        if (world.Sites.Count > 0)
            Report.Accounts.Add(new(DemoWorld.AdminEmail, "administrator of the hub"));
        Report.Accounts.AddRange(world.Sites.SelectMany(s => s.People.Select(p => new DemoAccount(p.Email, $"{p.Role} in {s.Name}"))));
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
        ("Measured again on fresh images", FreshAsync),
        ("Before and after, on held-out images", BeforeAfterAsync),
    ];

    private async Task<string> PeopleAsync(DemoBar bar, CancellationToken cancel)
    {
        await world.BuildAsync(await hub.SetUpCodeAsync(cancel), source, bar.Say, cancel);
        return $"{world.Sites.Count} organizations, {world.Sites.Sum(s => s.People.Count)} people, project '{source.Project}' with {source.Classes.Count} classes.";
    }

    private async Task<string> ImagesAsync(DemoBar bar, CancellationToken cancel)
    {
        Action<int> count = bar.Counter(world.Sites.Sum(p => source.Begin(p.Number, size.Images)));
        int stored = 0;
        foreach (DemoPlant plant in world.Sites)
        {
            bar.Say(plant.Name);
            stored += await intake.SendAsync(world.Admin, world.Project, plant, Numbers(plant, Begin(plant)), Begin(plant), DemoTrouble.None, count, cancel);
        }

        return $"{stored} images checked, hashed and stored.";
    }

    private async Task<string> AnnotateAsync(DemoBar bar, CancellationToken cancel)
    {
        Action<int> count = bar.Counter(world.Sites.Sum(Begin) * 6 / 5);
        int[] done = await Task.WhenAll(world.Sites.Select(async plant =>
        {
            Guid campaign = await CampaignAsync(plant, "First model", Begin(plant), null, cancel);
            return await WorkAsync(plant, campaign, source.Classes, count, cancel);
        }));
        return $"{done.Sum()} answers by {world.Sites.Sum(p => p.Annotators.Count())} simulated annotators, 20 % of the images twice, 10 % reviewed.";
    }

    // Plants work at the same time.
    private void Link(string words, string path)
    {
        lock (links)
            links.Add(new(words, path));
    }

    private int Begin(DemoPlant plant) => source.Begin(plant.Number, size.Images);

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
        Link($"{plant.Name}: {name}", $"/projects/{world.Project}/campaigns/{campaign}");
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

    private static string Title(DemoSource source) => $"The whole loop on '{source.Project}'";

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private string FileIn(string name) => Path.Combine(folder, name);
}
