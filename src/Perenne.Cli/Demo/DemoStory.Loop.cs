using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Perenne.Cli.Collect;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>The second half of the story: production, trouble, and what the hub does about it by its policy. People only annotate.</summary>
internal sealed partial class DemoStory
{
    private readonly Dictionary<string, string> noticed = [];
    private Guid retraining;

    private async Task<string> CalmAsync(DemoBar bar, CancellationToken cancel)
    {
        Action<int> count = bar.Counter(world.Sites.Count * size.Calm);
        Dictionary<string, int> verdicts = await ProduceAsync(size.Calm, _ => DemoTrouble.None, bar, count, cancel);
        foreach (DemoPlant plant in world.Sites)
            await LookAsync(plant, cancel);
        return $"{verdicts.Values.Sum()} parts judged: {verdicts.GetValueOrDefault("ok")} OK, {verdicts.GetValueOrDefault("notOk")} not OK, {verdicts.GetValueOrDefault("cannotJudge")} cannot be judged. The policy is on: from here people only annotate.";
    }

    private async Task<string> TroubleAsync(DemoBar bar, CancellationToken cancel)
    {
        DemoPlant[] troubled = [.. world.Sites.Where(p => TroubleOf(p) != DemoTrouble.None)];
        for (int made = 0; made < size.Trouble && noticed.Count < troubled.Length;)
        {
            await ProduceAsync(size.Window, TroubleOf, bar, _ => { }, cancel);
            made += size.Window;
            bar.Share((double)made / size.Trouble);
            foreach (DemoPlant plant in world.Sites)
                await LookAsync(plant, cancel);
            foreach (JsonNode? alert in (await world.Admin.GetAsync<JsonArray>($"{Project}/alerts", cancel)).Where(a => a!["kind"]!.GetValue<string>() != "silent"))
                noticed.TryAdd(alert!["organization"]!.GetValue<string>(), $"after {made} frames ({Words().Replace(alert["cause"]!.GetValue<string>(), " $1").Trim().ToLowerInvariant()})");
            bar.Say($"{made} frames a plant; noticed in {noticed.Count} of {troubled.Length}");
        }

        string[] missed = [.. troubled.Where(p => !noticed.ContainsKey(p.Name)).Select(p => p.Name)];
        string words = string.Join("; ", troubled.Select(p => $"{p.Name} ({What(p)}): {noticed.GetValueOrDefault(p.Name, "not noticed")}"));
        string calm = string.Join(", ", noticed.Keys.Except(troubled.Select(p => p.Name)));
        return missed.Length > 0 ? throw new HubFailure($"{words}.", 0) : $"{words}. {(calm.Length == 0 ? "No alarm elsewhere." : $"False alarm in {calm}.")}";
    }

    /// <summary>Judges what arrived. A plant's last segments may still be on their way.</summary>
    private async Task LookAsync(DemoPlant plant, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < 40; attempt++)
        {
            await world.Admin.PostAsync<JsonObject>($"api/v1/organizations/{plant.Slug}/projects/{world.Project}/drift/check", new { }, cancel);
            if (await stations[plant.Number].WaitingAsync(cancel) == 0)
                break;
            await Task.Delay(500, cancel);
        }

        await world.Admin.PostAsync<JsonObject>($"api/v1/organizations/{plant.Slug}/projects/{world.Project}/drift/check", new { }, cancel);
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
        HashSet<Guid> worked = [];
        int answers = 0;
        bar.Say("waiting for the audit campaigns");
        DemoPlant[] troubled = [.. world.Sites.Where(p => TroubleOf(p) != DemoTrouble.None)];
        for (int attempt = 0; attempt < 120 && worked.Count < troubled.Length; attempt++)
        {
            foreach (JsonNode? run in (await FlowsAsync("audit", cancel)).Where(r => r!["outputs"]!["campaign"] is not null && r["state"]!.GetValue<string>() == "succeeded"))
            {
                Guid campaign = run!["outputs"]!["campaign"]!.GetValue<Guid>(), organization = run["organizationId"]!.GetValue<Guid>();
                if (!worked.Add(campaign) || world.Sites.FirstOrDefault(p => p.Id == organization) is not { } plant)
                    continue;
                bar.Say($"{plant.Name} annotates");
                await intake.RecogniseAsync(world.Admin, world.Project, cancel);
                answers += await WorkAsync(plant, campaign, classes, count, cancel);
            }

            await Task.Delay(1000, cancel);
        }

        return worked.Count < troubled.Length
            ? throw new HubFailure($"The policy opened {worked.Count} of {troubled.Length} audit campaigns.", 0)
            : $"{worked.Count} campaigns opened by the policy, {answers} answers on sampled production frames; '{source.LaterClass}' is a class of the schema now.";
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
                return LastNote(run);
            if (state != "running")
                throw new HubFailure(LastNote(run), 0);
            await ProduceAsync(size.Shadow / 3, TroubleOf, bar, _ => { }, cancel);
            JsonNode? rollout = (await world.Admin.GetAsync<JsonArray>($"{Project}/rollouts", cancel)).FirstOrDefault();
            bar.Say(rollout?["note"]?.GetValue<string>() ?? "shadow, canary, active, wave after wave");
            bar.Share((double)round / most);
        }

        throw new HubFailure("The rollout did not end. Look at its page.", 0);
    }

    private async Task<JsonArray> FlowsAsync(string kind, CancellationToken cancel) => (await world.Admin.GetAsync<JsonObject>($"{Project}/flows?kind={kind}", cancel))["runs"]!.AsArray();

    private static string LastNote(JsonNode run) => run["log"]!.AsArray()[^1]!["words"]!.GetValue<string>();

    private async Task<int> NumberAsync(Guid model, CancellationToken cancel) =>
        (await world.Admin.GetAsync<JsonArray>($"{Project}/models", cancel)).First(m => m!["id"]!.GetValue<Guid>() == model)!["number"]!.GetValue<int>();
}
