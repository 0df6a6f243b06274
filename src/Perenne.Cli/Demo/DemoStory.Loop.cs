using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Perenne.Cli.Collect;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>The second half of the story: production, trouble, and what the hub does about it by its policy. People only annotate.</summary>
internal sealed partial class DemoStory
{
    private readonly Dictionary<string, string> noticed = [];
    private readonly List<DateTimeOffset>[] taken = [[], [], []];
    private Guid retraining;

    private async Task<string> CalmAsync(DemoBar bar, CancellationToken cancel)
    {
        Action<int> count = bar.Counter(world.Sites.Count * size.Calm);
        Dictionary<string, int> verdicts = await ProduceAsync(size.Calm, _ => DemoTrouble.None, bar, count, cancel);
        bar.Say("the monitor learns what is normal");
        await LookedAsync(cancel);
        JsonArray alerts = await world.Admin.GetAsync<JsonArray>($"{Project}/alerts", cancel);
        Link("Monitoring", $"/projects/{world.Project}/monitor");
        string words = $"{verdicts.Values.Sum()} parts judged: {verdicts.GetValueOrDefault("ok")} OK, {verdicts.GetValueOrDefault("notOk")} not OK, {verdicts.GetValueOrDefault("cannotJudge")} cannot be judged.";
        return alerts.Count == 0 ? $"{words} No alarm. The policy is on: from here people only annotate."
            : throw new HubFailure($"{words} False alarm: {string.Join(", ", alerts.Select(a => $"{a!["organization"]} {a["cause"]}"))}.", 0);
    }

    private async Task<string> TroubleAsync(DemoBar bar, CancellationToken cancel)
    {
        DemoPlant[] troubled = [.. world.Sites.Where(p => TroubleOf(p) != DemoTrouble.None)];
        for (int made = 0; made < size.Trouble && noticed.Count(n => troubled.Any(p => p.Name == n.Key)) < troubled.Length;)
        {
            await ProduceAsync(size.Window, TroubleOf, bar, _ => { }, cancel);
            made += size.Window;
            bar.Share((double)made / size.Trouble);
            bar.Say($"{made} frames a plant; the monitor looks");
            await LookedAsync(cancel);
            foreach (JsonNode? alert in (await world.Admin.GetAsync<JsonArray>($"{Project}/alerts", cancel)).Where(a => a!["kind"]!.GetValue<string>() != "silent"))
                Notice(alert!, made);
            bar.Say($"{made} frames a plant; noticed in {noticed.Count} of {troubled.Length}");
        }

        string[] missed = [.. troubled.Where(p => !noticed.ContainsKey(p.Name)).Select(p => p.Name)];
        string words = string.Join("; ", troubled.Select(p => $"{p.Name} ({What(p)}): {noticed.GetValueOrDefault(p.Name, "not noticed")}"));
        string calm = string.Join(", ", noticed.Keys.Except(troubled.Select(p => p.Name)));
        return missed.Length > 0 ? throw new HubFailure($"{words}.", 0) : $"{words}. {(calm.Length == 0 ? "No alarm elsewhere." : $"False alarm in {calm}.")}";
    }

    private void Notice(JsonNode alert, int frames)
    {
        string plant = alert["organization"]!.GetValue<string>(), cause = Words().Replace(alert["cause"]!.GetValue<string>(), " $1").Trim().ToLowerInvariant();
        if (noticed.TryAdd(plant, $"alert '{cause}' after at most {frames} frames"))
            Link($"{plant}: {cause}", alert["reportId"] is { } report ? $"/projects/{world.Project}/monitor/reports/{report.GetValue<Guid>()}" : $"/projects/{world.Project}/monitor");
    }

    /// <summary>Waits until everything that the stations saw is at the hub.</summary>
    private async Task SentAsync(CancellationToken cancel)
    {
        for (int attempt = 0; attempt < 240; attempt++)
        {
            int waiting = 0;
            foreach (DemoStation station in stations)
                waiting += await station.WaitingAsync(cancel);
            if (waiting == 0)
                return;
            await Task.Delay(500, cancel);
        }
    }

    /// <summary>Waits until the hub's monitor, which looks by itself, has judged every full window of each camera.</summary>
    private async Task LookedAsync(CancellationToken cancel)
    {
        await SentAsync(cancel);
        for (int attempt = 0; attempt < 240; attempt++)
        {
            JsonArray cameras = await world.Admin.GetAsync<JsonArray>($"{Project}/drift/cameras", cancel);
            if (world.Sites.TrueForAll(p => cameras.Any(c => c!["organizationId"]!.GetValue<Guid>() == p.Id && c["newest"] is { } newest
                && taken[p.Number].Count(t => t > newest["currentTo"]!.GetValue<DateTimeOffset>()) < size.Window)))
                return;
            await Task.Delay(500, cancel);
        }

        throw new HubFailure("The hub's monitor has judged nothing for two minutes.", 0);
    }

    /// <summary>A cause is one word of the API: MissedDefects.</summary>
    [GeneratedRegex("([A-Z])")]
    private static partial Regex Words();

    private static DemoTrouble TroubleOf(DemoPlant plant) => plant.Number switch { 1 => DemoTrouble.Light, 2 => DemoTrouble.NewClass, _ => DemoTrouble.None };

    private string What(DemoPlant plant) => TroubleOf(plant) switch { DemoTrouble.Light => "worn light", DemoTrouble.NewClass => $"new class '{source.LaterClass}'", _ => "unchanged" };

    /// <summary>The audit campaigns that the policy opened, over the frames that the stations sampled since the change.</summary>
    private async Task<string> AuditAsync(DemoBar bar, CancellationToken cancel)
    {
        await LabelSetup.EnsureAsync(world.Admin, world.Project, [source.LaterClass], cancel);
        IReadOnlyList<string> classes = [.. source.Classes, source.LaterClass];
        Action<int> count = bar.Counter(2 * size.Audit * 6 / 5);
        bar.Say("waiting for the audit campaigns");
        DemoPlant[] troubled = [.. world.Sites.Where(p => TroubleOf(p) != DemoTrouble.None)];
        Dictionary<DemoPlant, Guid> campaigns = [];
        for (int attempt = 0; attempt < 120 && campaigns.Count < troubled.Length; attempt++)
        {
            foreach (JsonNode? run in (await FlowsAsync("audit", cancel)).Where(r => r!["outputs"]!["campaign"] is not null && r["state"]!.GetValue<string>() == "succeeded"))
                if (troubled.FirstOrDefault(p => p.Id == run!["organizationId"]!.GetValue<Guid>()) is { } plant)
                    campaigns[plant] = run!["outputs"]!["campaign"]!.GetValue<Guid>();
            await Task.Delay(1000, cancel);
        }

        if (campaigns.Count < troubled.Length)
            throw new HubFailure($"The policy opened audit campaigns in {campaigns.Count} of {troubled.Length} plants.", 0);
        bar.Say("people annotate");
        await intake.RecogniseAsync(world.Admin, world.Project, cancel);
        // Both plants at once: the retraining begins as soon as one of them has enough.
        int[] answers = await Task.WhenAll(campaigns.Select(c => WorkAsync(c.Key, c.Value, classes, count, cancel)));
        foreach ((DemoPlant plant, Guid campaign) in campaigns)
            Link($"{plant.Name}: audit", $"/projects/{world.Project}/campaigns/{campaign}");
        return $"{campaigns.Count} campaigns opened by the policy, {answers.Sum()} answers on sampled production frames; '{source.LaterClass}' is a class of the schema now.";
    }

    private async Task<string> RetrainAsync(DemoBar bar, CancellationToken cancel)
    {
        bar.Say("waiting for the measurement");
        for (int attempt = 0; attempt < 1200; attempt++)
        {
            if ((await FlowsAsync("retrain", cancel)).FirstOrDefault() is JsonObject run)
            {
                retraining = run["id"]!.GetValue<Guid>();
                (string state, string stage, string last) = (run["state"]!.GetValue<string>(), run["stage"]!.GetValue<string>(), LastNote(run));
                if (state is not ("running" or "succeeded"))
                    throw new HubFailure(last, 0);
                bar.Say($"{stage}: {last}");
                if (stage == "rollout" || state == "succeeded")
                {
                    Link("The retraining", $"/projects/{world.Project}/automation/runs/{retraining}");
                    secondModel = await NumberAsync(run["outputs"]!["modelVersion"]!.GetValue<Guid>(), cancel);
                    return $"{run["reason"]} {run["log"]!.AsArray().Select(n => n!["words"]!.GetValue<string>()).First(w => w.Contains("candidate", StringComparison.Ordinal))}";
                }
            }

            await Task.Delay(1000, cancel);
        }

        throw new HubFailure("The policy began no retraining.", 0);
    }

    /// <summary>Production goes on while the rollout takes its stages.</summary>
    private async Task<string> RollOutAsync(DemoBar bar, CancellationToken cancel)
    {
        const int most = 60;
        for (int round = 0; round < most; round++)
        {
            JsonObject run = await world.Admin.GetAsync<JsonObject>($"{Project}/flows/{retraining}", cancel);
            string state = run["state"]!.GetValue<string>();
            if (state == "succeeded")
            {
                Link("The rollout", $"/projects/{world.Project}/rollouts");
                return LastNote(run);
            }

            if (state != "running")
                throw new HubFailure(LastNote(run), 0);
            await ProduceAsync(size.Shadow / 3, TroubleOf, bar, _ => { }, cancel);
            JsonNode? rollout = (await world.Admin.GetAsync<JsonArray>($"{Project}/rollouts", cancel)).FirstOrDefault();
            bar.Say(rollout?["note"]?.GetValue<string>() ?? "shadow, canary, active, wave after wave");
            bar.Share((double)round / most);
        }

        throw new HubFailure("The rollout did not end. Look at its page.", 0);
    }

    /// <summary>
    /// The new model is measured as the first was: on production images that people annotate and that it was not trained on. People are asked for a few
    /// in each plant; the measurement itself is the policy's.
    /// </summary>
    private async Task<string> FreshAsync(DemoBar bar, CancellationToken cancel)
    {
        DateTimeOffset since = TimeProvider.System.GetUtcNow();
        IReadOnlyList<string> classes = [.. source.Classes, source.LaterClass];
        await ProduceAsync(size.Fresh * 5, TroubleOf, bar, _ => { }, cancel);
        await SentAsync(cancel);
        await intake.RecogniseAsync(world.Admin, world.Project, cancel);
        Action<int> count = bar.Counter(world.Sites.Count * size.Fresh * 6 / 5);
        bar.Say("people annotate a few fresh images");
        await Task.WhenAll(world.Sites.Select(async plant =>
            await WorkAsync(plant, await CampaignAsync(plant, "Fresh sample", size.Fresh, new { from = since, annotated = false }, cancel), classes, count, cancel)));
        bar.Say("waiting for the measurements");
        for (int attempt = 0; attempt < 600; attempt++)
        {
            JsonArray rows = await world.Admin.GetAsync<JsonArray>($"{Project}/measurements", cancel);
            JsonNode?[] newest = [.. world.Sites.Select(p => rows.LastOrDefault(r => r!["organizationId"]!.GetValue<Guid>() == p.Id && r["model"]!.GetValue<int>() == secondModel))];
            if (newest.All(n => n is not null))
                return string.Join("; ", newest.Select(n => $"{n!["organization"]} F1 {Percent(Of(n, "value"))} ({Percent(Of(n, "low"))} to {Percent(Of(n, "high"))}) on {n["f1"]!["images"]} images")) + ".";
            await Task.Delay(1000, cancel);
        }

        throw new HubFailure($"Model {secondModel} was not measured everywhere.", 0);

        static double Of(JsonNode row, string figure) => row["f1"]![figure]!.GetValue<double>();
    }

    private async Task<JsonArray> FlowsAsync(string kind, CancellationToken cancel) => (await world.Admin.GetAsync<JsonObject>($"{Project}/flows?kind={kind}", cancel))["runs"]!.AsArray();

    private static string LastNote(JsonNode run) => run["log"]!.AsArray()[^1]!["words"]!.GetValue<string>();

    private async Task<int> NumberAsync(Guid model, CancellationToken cancel) =>
        (await world.Admin.GetAsync<JsonArray>($"{Project}/models", cancel)).First(m => m!["id"]!.GetValue<Guid>() == model)!["number"]!.GetValue<int>();
}
