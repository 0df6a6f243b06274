using System.Globalization;
using Perenne.Hub.Observe;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Deploy;

/// <summary>What was seen of one deployment since it began.</summary>
/// <param name="Frames">Judged by it, also where it only watched.</param>
/// <param name="Decided">Those on which its verdict counted.</param>
/// <param name="Objections">Of operators, about frames that it decided.</param>
/// <param name="Before">Of the model that would decide again: its newest decided frames there, and the objections to them.</param>
internal sealed record DeploymentEvidence(long Frames, long Decided, long Errors, long Compared, long Disagreed, long Objections, LatencyBins Latency, (long Decided, long Objections) Before = default)
{
    public static DeploymentEvidence None { get; } = new(0, 0, 0, 0, 0, 0, new([]));
}

/// <summary>
/// Whether a model is taken back, as a pure function. A bound counts as broken only when the evidence against "the rate is within the
/// bound" holds however often one looks (mixture e-value, Ville's inequality): with bounds of 2 % and 0.1 % false alarms in all, one bad
/// frame of twenty takes nothing back, and a model that fails on every tenth frame is gone after about two hundred.
/// </summary>
internal static class RollbackRules
{
    /// <summary>Chance that a model within all its bounds is ever taken back by one rule.</summary>
    public const double Alpha = 0.001;

    /// <summary>The sentence for the history, or null: all is well, or not enough is known.</summary>
    public static string? Judge(RollbackBounds bounds, DeploymentStage stage, DeploymentEvidence seen)
    {
        if (seen.Frames < bounds.MinFrames)
            return null;
        if (bounds.MaxErrorRate is { } errors && IsBroken(errors, seen.Errors, seen.Frames))
            return $"The model failed on {seen.Errors} of {seen.Frames} frames; {Percent(errors)} are allowed.";
        if (bounds.MaxLatencyMilliseconds is { } latency && IsBroken(0.01, seen.Latency.Above(latency), seen.Latency.Total))
            return $"The 99th percentile of the latency is {seen.Latency.Quantile(.99) ?? 0:0} ms; {latency:0} ms are allowed.";
        if (stage is DeploymentStage.Canary or DeploymentStage.Shadow && bounds.MaxDisagreement is { } disagreement && seen.Compared >= bounds.MinFrames && IsBroken(disagreement, seen.Disagreed, seen.Compared))
            return $"It judged {seen.Disagreed} of {seen.Compared} frames differently from the model in use; {Percent(disagreement)} are allowed.";
        if (stage is not DeploymentStage.Shadow && bounds.MaxFeedbackRate is { } feedback && seen.Decided >= bounds.MinFrames)
            return Objections(feedback, before: seen.Before.Decided >= bounds.MinFrames ? (double)seen.Before.Objections / seen.Before.Decided : 0, seen);
        return null;
    }

    // Where operators objected as often to the model before, going back mends nothing: the part of the world that changed is still there.
    private static string? Objections(double allowed, double before, DeploymentEvidence seen)
    {
        if (!IsBroken(Math.Clamp(before, allowed, 0.99), Math.Min(seen.Objections, seen.Decided), seen.Decided))
            return null;
        return before > allowed
            ? $"Operators objected to {seen.Objections} of {seen.Decided} verdicts; {Percent(allowed)} are allowed and the model before had {Percent(before)}."
            : $"Operators objected to {seen.Objections} of {seen.Decided} verdicts; {Percent(allowed)} are allowed.";
    }

    /// <summary>The e-value of "more than the bound", mixed over Beta(½,½) cut to that side, against its threshold 1/α.</summary>
    internal static bool IsBroken(double bound, long hits, long of)
    {
        long misses = of - hits;
        if (of == 0 || hits <= bound * of)
            return false;
        double prior = BetaFunctions.LogBeta(.5, .5) + BetaFunctions.LogRegularized(.5, .5, 1 - bound);
        double posterior = BetaFunctions.LogBeta(.5 + hits, .5 + misses) + BetaFunctions.LogRegularized(.5 + misses, .5 + hits, 1 - bound);
        return posterior - prior - (hits * Math.Log(bound)) - (misses * Math.Log(1 - bound)) >= -Math.Log(Alpha);
    }

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
