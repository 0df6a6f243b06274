using System.Text.Json.Nodes;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>Models, stations and the exam.</summary>
internal sealed partial class DemoStory : IAsyncDisposable
{
    private readonly List<DemoStation> stations = [];
    private int firstModel;
    private int secondModel;

    /// <summary>Stops the stations; the hub has its own life.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (DemoStation station in stations)
            await station.DisposeAsync();
    }

    private string Project => $"api/v1/projects/{world.Project}";

    private async Task<string> FirstModelAsync(DemoBar bar, CancellationToken cancel)
    {
        firstModel = await TrainAsync("First model", bar, cancel);
        await PromoteAsync(firstModel, "The first model", cancel);
        double score = await ScoreAsync(firstModel, cancel);
        Link($"Model {firstModel}", $"/projects/{world.Project}/models/{firstModel}");
        return $"Model {firstModel}, {size.FirstSteps} training steps: mAP@.5 {Percent(score)} on the frozen test split.";
    }

    private async Task<string> StationsAsync(DemoBar bar, CancellationToken cancel)
    {
        JsonObject project = await world.Admin.GetAsync<JsonObject>(Project, cancel);
        JsonObject policy = await world.Admin.GetAsync<JsonObject>($"{Project}/policy", cancel);
        await world.Admin.PutAsync<JsonObject>($"{Project}/policy", new { yaml = DemoPolicy.Yaml(size), @base = policy["number"]!.GetValue<int>() }, cancel);
        Guid id = (project["id"] ?? project["project"]!["id"])!.GetValue<Guid>();
        foreach (DemoPlant plant in world.Sites)
        {
            bar.Say($"{plant.Name}: enrolment");
            stations.Add(await DemoStation.StartAsync(world.Admin, hub.Address, plant, id, FileIn($"station-{plant.Slug}"), stationPort + plant.Number, cancel));
            await world.Admin.PutAsync<JsonObject>($"api/v1/organizations/{plant.Slug}/projects/{world.Project}/deployment-policy", new { sampling = new { auditShare = 0.3, maxPerHour = 5000 }, bounds = new { } }, cancel);
            await DeployAsync(plant, firstModel, "shadow", "Watches first", cancel);
        }

        foreach (DemoPlant plant in world.Sites)
            await AtWorkAsync(plant, "shadow", cancel);
        Action<int> count = bar.Counter(world.Sites.Count * size.Shadow);
        await ProduceAsync(size.Shadow, _ => DemoTrouble.None, bar, count, cancel);
        foreach (DemoPlant plant in world.Sites)
        {
            await DeployWhenAllowedAsync(plant, firstModel, "The first model of the plant", cancel);
            await AtWorkAsync(plant, "active", cancel);
        }

        return $"{stations.Count} stations enrolled with one-time codes; {size.Shadow} frames each in shadow, then active through its gates.";
    }

    private async Task<string> BeforeAfterAsync(DemoBar bar, CancellationToken cancel)
    {
        IReadOnlyList<string> classes = [.. source.Classes, source.LaterClass];
        foreach (int model in new[] { firstModel, secondModel })
            await DemoExam.DownloadAsync(world.Admin, Project, model, FileIn($"model-{model}"), cancel);
        Action<int> count = bar.Counter(world.Sites.Count * 2);
        foreach (DemoPlant plant in world.Sites)
        {
            bar.Say(plant.Name);
            string folder = Directory.CreateDirectory(FileIn($"exam-{plant.Slug}")).FullName;
            List<(string, DemoImage)> exam = [];
            for (int number = 0; number < size.HeldOut; number++)
            {
                DemoImage image = source.Exam(plant.Number, number, TroubleOf(plant));
                string file = Path.Combine(folder, $"{number}.jpg");
                await File.WriteAllBytesAsync(file, image.File, cancel);
                exam.Add((file, image));
            }

            double[] scores = new double[2];
            foreach ((int i, int model) in new[] { firstModel, secondModel }.Index())
            {
                scores[i] = DemoExam.Score(FileIn($"model-{model}"), exam, classes);
                count(1);
            }

            Report.Figures.Add(new(plant.Name, $"{What(plant)}, mAP@.33", scores[0], scores[1]));
        }

        bool better = Report.Figures.Where((_, i) => TroubleOf(world.Sites[i]) != DemoTrouble.None).All(f => f.After > f.Before);
        string words = string.Join("; ", Report.Figures.Select(f => $"{f.Plant} {Percent(f.Before)} -> {Percent(f.After)}"));
        if (!better)
            throw new HubFailure($"The new model is not better where it had to be: {words}.", 0);
        return $"{words}. {size.HeldOut} held-out images a plant. {await DecidingAsync(cancel)}";
    }

    /// <summary>What the figures are good for: the better model decides where the trouble is, and nobody took it back.</summary>
    private async Task<string> DecidingAsync(CancellationToken cancel)
    {
        JsonArray deployed = await world.Admin.GetAsync<JsonArray>($"{Project}/deployments/evidence", cancel);
        Dictionary<string, int> deciding = world.Sites.ToDictionary(p => p.Name, p => deployed.Where(d => d!["organizationId"]!.GetValue<Guid>() == p.Id && d["stage"]!.GetValue<string>() == "active").Max(d => d!["modelNumber"]!.GetValue<int>()));
        string words = $"Deciding now: {string.Join(", ", deciding.Select(d => $"model {d.Value} in {d.Key}"))}.";
        return world.Sites.TrueForAll(p => TroubleOf(p) == DemoTrouble.None || deciding[p.Name] >= secondModel) ? words : throw new HubFailure($"The new model was taken back where it is needed. {words}", 0);
    }

    private async Task<int> TrainAsync(string name, DemoBar bar, CancellationToken cancel)
    {
        bar.Say("freezing a dataset version");
        int dataset = (await world.Admin.PostAsync<JsonObject>($"{Project}/datasets", new { name }, cancel))["number"]!.GetValue<int>();
        JsonObject version = await PollAsync($"{Project}/datasets/{dataset}", v => v["version"]!["state"]!.GetValue<string>(), "ready", _ => { }, cancel);
        lastDataset = dataset;
        bar.Say($"training on {version["version"]!["images"]} images");
        int run = (await world.Admin.PostAsync<JsonObject>($"{Project}/runs", new { name, dataset, steps = size.FirstSteps, seed = 1 }, cancel))["number"]!.GetValue<int>();
        JsonObject done = await PollAsync($"{Project}/runs/{run}", r => r["run"]!["state"]!.GetValue<string>(), "succeeded",
            r => bar.Share(r["run"]!["share"]?.GetValue<double>()), cancel);
        return done["run"]!["model"]!.GetValue<int>();
    }

    /// <summary>Mean AP at IoU .5 on the newest dataset version's test split.</summary>
    private async Task<double> ScoreAsync(int model, CancellationToken cancel)
    {
        int number = (await world.Admin.PostAsync<JsonObject>($"{Project}/evaluations", new { model, dataset = lastDataset, robustness = false }, cancel))["number"]!.GetValue<int>();
        JsonObject done = await PollAsync($"{Project}/evaluations/{number}", e => e["evaluation"]!["state"]!.GetValue<string>(), "ready", _ => { }, cancel);
        return done["figures"]!["headline"]!["mAP@.5"]!["value"]!.GetValue<double>();
    }

    private Task<object?> PromoteAsync(int model, string reason, CancellationToken cancel) =>
        world.Admin.PostAsync<object?>($"{Project}/models/{model}/aliases", new { alias = "champion", reason }, cancel);

    private async Task DeployAsync(DemoPlant plant, int model, string stage, string reason, CancellationToken cancel)
    {
        JsonObject card = await world.Admin.GetAsync<JsonObject>($"{Project}/models/{model}", cancel);
        await world.Admin.PostAsync<JsonObject>($"api/v1/organizations/{plant.Slug}/projects/{world.Project}/deployments", new { modelVersionId = card["model"]!["id"]!.GetValue<Guid>(), stage, reason }, cancel);
    }

    /// <summary>The gate wants the latency that the station measured in shadow: it arrives with the next segments.</summary>
    private async Task DeployWhenAllowedAsync(DemoPlant plant, int model, string reason, CancellationToken cancel)
    {
        HubFailure? last = null;
        for (int attempt = 0; attempt < 40; attempt++)
        {
            try
            {
                await DeployAsync(plant, model, "active", reason, cancel);
                return;
            }
            catch (HubFailure refusal) when (refusal.Status == 409)
            {
                last = refusal;
                await Task.Delay(TimeSpan.FromSeconds(1.5), cancel);
            }
        }

        throw new HubFailure($"{plant.Name}: {last!.Message}", 0);
    }

    /// <summary>Waits until the plant's station says that it runs a model in this role.</summary>
    private async Task AtWorkAsync(DemoPlant plant, string role, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < 120; attempt++)
        {
            JsonArray known = await world.Admin.GetAsync<JsonArray>($"api/v1/organizations/{plant.Slug}/stations", cancel);
            if (known.Any(s => s!["heartbeat"]?["models"]?.AsArray().Any(m => m!["role"]!.GetValue<string>() == role) == true))
                return;
            await Task.Delay(500, cancel);
        }

        throw new HubFailure($"The station of {plant.Name} did not take up its {role} model. Look at its page.", 0);
    }

    private async Task<Dictionary<string, int>> ProduceAsync(int count, Func<DemoPlant, DemoTrouble> trouble, DemoBar bar, Action<int> progress, CancellationToken cancel)
    {
        System.Collections.Concurrent.ConcurrentDictionary<string, int> verdicts = new();
        bar.Say("frames at three stations");
        await Task.WhenAll(world.Sites.Select(async plant =>
        {
            int from = Numbers(plant, count);
            for (int number = from; number < from + count; number++)
            {
                DemoImage image = source.Take(plant.Number, number, trouble(plant));
                intake.Remember(image);
                taken[plant.Number].Add(TimeProvider.System.GetUtcNow());
                (string verdict, Guid observation) = await stations[plant.Number].JudgeAsync(image, cancel);
                verdicts.AddOrUpdate(verdict, 1, (_, n) => n + 1);
                // Behind each station somebody looks at every part.
                string? objection = (verdict, image.Truth.Count) switch { ("ok", > 0) => "missedDefect", ("notOk", 0) => "falseAlarm", _ => null };
                if (objection is not null)
                    await stations[plant.Number].ObjectAsync(observation, objection, cancel);
                progress(1);
            }
        }));
        return new(verdicts);
    }

    private async Task<JsonObject> PollAsync(string address, Func<JsonObject, string> state, string good, Action<JsonObject> look, CancellationToken cancel)
    {
        while (true)
        {
            JsonObject now = await world.Admin.GetAsync<JsonObject>(address, cancel);
            string at = state(now);
            if (at == good)
                return now;
            if (at is "failed" or "cancelled")
                throw new HubFailure($"{address} {at}: {now["failure"]}", 0);
            look(now);
            await Task.Delay(700, cancel);
        }
    }
}
