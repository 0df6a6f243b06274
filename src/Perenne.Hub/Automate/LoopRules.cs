using Quartz;

namespace Perenne.Hub.Automate;

/// <summary>What a flow is about.</summary>
internal enum FlowKind
{
    TopUp,
    Evaluate,
    Audit,
    Retrain,
}

/// <summary>Something to do now.</summary>
/// <param name="Key">Unique per project for ever: whoever does it a second time finds it done.</param>
/// <param name="Reason">A sentence for people.</param>
internal sealed record LoopStep(FlowKind Kind, string Key, Guid? Organization, Guid? Subject, string Reason);

/// <summary>The loop's decisions, as a pure function of policy, facts and time: the flows and the dry run use the very same.</summary>
internal static class LoopRules
{
    public static IReadOnlyList<LoopStep> Of(LoopPolicy policy, LoopFacts facts, DateTimeOffset now)
    {
        if (!policy.Enabled)
            return [];
        List<LoopStep> steps = [];
        foreach (OrganizationFacts organization in facts.Organizations)
        {
            if (TopUp(policy, organization, now) is { } fill)
                steps.Add(fill);
            if (Evaluation(policy, organization, now) is { } evaluation)
                steps.Add(evaluation);
            if (policy.Audit.OnDrift && organization is { Drift: { } alert, DriftIsAudited: false })
                steps.Add(new(FlowKind.Audit, $"audit:{alert}", organization.Id, alert, $"{organization.Name}: production images have drifted; {policy.Audit.Images} of them are to be annotated to see whether the model still holds."));
        }

        if (Retraining(policy, facts, now) is { } retrain)
            steps.Add(retrain);
        return steps;
    }

    private static LoopStep? TopUp(LoopPolicy policy, OrganizationFacts organization, DateTimeOffset now) =>
        organization.Campaign is { } campaign && organization.FreeTasks < policy.Collect.TopUpBelow && organization.PoolImages > 0
            ? new(FlowKind.TopUp, $"top-up:{campaign}:{now.UtcDateTime:yyyyMMddHHmm}", organization.Id, campaign,
                $"{organization.Name}: {organization.FreeTasks} free tasks are left, fewer than {policy.Collect.TopUpBelow}.")
            : null;

    private static LoopStep? Evaluation(LoopPolicy policy, OrganizationFacts organization, DateTimeOffset now)
    {
        if (organization.Deployed is not { } version || organization.AcceptedForEvaluation < policy.Evaluate.LeastAccepted || !organization.HasUnmeasured)
            return null;
        CronExpression cron = CronExpression.Parse(policy.Evaluate.Cron).WithTimeZone(Zone(organization.Zone));
        DateTimeOffset from = organization.EvaluatedAt ?? now.AddDays(-1);
        if (cron.GetNextValidTimeAfter(from) is not { } due || due > now)
            return null;
        return new(FlowKind.Evaluate, $"evaluate:{organization.Id}:{version}:{due.UtcDateTime:yyyyMMddHHmm}", organization.Id, version,
            $"{organization.Name}: the nightly measurement on {Math.Min(organization.AcceptedForEvaluation, policy.Evaluate.NewestAccepted)} accepted images.");
    }

    private static LoopStep? Retraining(LoopPolicy policy, LoopFacts facts, DateTimeOffset now)
    {
        RetrainPolicy rule = policy.Retrain;
        if (facts.RetrainIsOpen || facts.Champion is not { } champion || (facts.TrainedAt is { } trained && now - trained < TimeSpan.FromHours(rule.PauseHours)))
            return null;
        // A retraining that was refused or failed is tried anew after its pause: it was a training too.
        string key = $"retrain:{champion}:{facts.TrainedAt?.ToUnixTimeSeconds()}";
        // Not the point estimate: only when even the upper end of its interval is below the bound is the bound surely broken.
        OrganizationFacts? broken = facts.Organizations.Where(o => o.Deployed is not null && o.Performance is { } p && p.High < rule.PerformanceBelow && o.NewAccepted >= rule.LeastNewAccepted)
            .MinBy(o => o.Performance!.Value);
        if (broken is not null)
            return new(FlowKind.Retrain, key, broken.Id, champion, FormattableString.Invariant(
                $"{broken.Name}: measured {broken.Performance!.Value:P1} ({broken.Performance.Low:P1} to {broken.Performance.High:P1}), below the bound of {rule.PerformanceBelow:P1}; {broken.NewAccepted} new accepted images."));
        int all = facts.Organizations.Sum(o => o.NewAccepted);
        return all < rule.NewAccepted ? null : new(FlowKind.Retrain, key, facts.Organizations.MaxBy(o => o.NewAccepted)!.Id, champion,
            FormattableString.Invariant($"{all} accepted images are new since the last training; the policy asks for {rule.NewAccepted}."));
    }

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
}
