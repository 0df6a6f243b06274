namespace Perenne.Hub.Deploy;

/// <summary>One condition of a deployment (DESIGN 8). What is not known has not passed.</summary>
/// <param name="Name">parity, champion, organization, latency.</param>
/// <param name="Passed">Null: nobody measured it.</param>
/// <param name="Sentence">With the figure.</param>
internal sealed record GateCheck(string Name, bool? Passed, string Sentence);

/// <summary>What is known of a model version before it is deployed to an organization. Null: not measured.</summary>
/// <param name="Parity">Whether the trainer's and ONNX Runtime's outputs agree.</param>
/// <param name="Score">On the frozen test split, in [0, 1], with the champion's on the same images.</param>
/// <param name="LocalScore">The same on the organization's own images of that split.</param>
/// <param name="LatencyMilliseconds">99th percentile, measured on the target profile.</param>
internal sealed record GateFacts(
    ParityFact Parity, double? Score, double? ChampionScore, double? LocalScore, double? ChampionLocalScore, double? LatencyMilliseconds, double? MaxLatencyMilliseconds, bool HasChampion);

internal sealed record ParityFact(bool? Agrees, string Sentence);

/// <summary>The gates as a pure function. A shadow decides nothing and needs parity only.</summary>
internal static class DeployGate
{
    public const double MaxParityDelta = 1e-4;

    /// <summary>Loss of score that counts as noise.</summary>
    public const double Tolerance = 0.005;

    public static List<GateCheck> Of(GateFacts facts, DeploymentStage stage)
    {
        List<GateCheck> checks = [new("parity", facts.Parity.Agrees, facts.Parity.Sentence)];
        if (stage is DeploymentStage.Canary or DeploymentStage.Active)
            checks.AddRange([Against("champion", "the frozen test split", facts.Score, facts.ChampionScore, facts.HasChampion),
                Against("organization", "this organization's images", facts.LocalScore, facts.ChampionLocalScore, facts.HasChampion), Latency(facts)]);
        return checks;
    }

    public static bool Passes(IEnumerable<GateCheck> checks) => checks.All(c => c.Passed == true);

    private static GateCheck Against(string name, string where, double? score, double? champion, bool hasChampion)
    {
        if (score is not { } own)
            return new(name, null, $"The model was not evaluated on {where}.");
        if (!hasChampion)
            return new(name, true, $"It scores {own:0.000} on {where}; there is no model to compare it with yet.");
        if (champion is not { } other)
            return new(name, null, $"The model in use was not evaluated on {where}, so nothing can be compared.");
        return new(name, own >= other - Tolerance, $"It scores {own:0.000} on {where}, the model in use {other:0.000}.");
    }

    private static GateCheck Latency(GateFacts facts) => facts.LatencyMilliseconds is not { } measured
        ? new("latency", null, "No station has measured its latency here. Let the model watch as a shadow first.")
        : new("latency", facts.MaxLatencyMilliseconds is not { } most || measured <= most,
            facts.MaxLatencyMilliseconds is { } bound ? $"It takes {measured:0} ms (99th percentile); {bound:0} ms are allowed." : $"It takes {measured:0} ms (99th percentile); no bound is set.");
}
