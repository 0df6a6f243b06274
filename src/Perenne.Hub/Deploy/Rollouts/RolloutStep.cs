namespace Perenne.Hub.Deploy;

/// <summary>How far the model is in one organization.</summary>
/// <param name="Current">Its deployment that is in force; null: none.</param>
/// <param name="Frames">Judged by that deployment.</param>
/// <param name="WasTakenBack">Since the rollout began.</param>
/// <param name="HasActive">Whether any model decides there.</param>
internal sealed record RolloutPlace(Guid OrganizationId, Deployment? Current, long Frames, bool WasTakenBack, bool HasActive);

/// <summary>What to do next: at most one stage per organization, or an end.</summary>
internal sealed record RolloutNext(IReadOnlyList<(Guid Organization, DeploymentStage Stage)> Steps, RolloutState State, string? Note);

/// <summary>The rollout as a pure function of where the model stands.</summary>
internal static class RolloutStep
{
    public static RolloutNext Of(IReadOnlyList<List<Guid>> waves, RolloutRules rules, IReadOnlyDictionary<Guid, RolloutPlace> places, DateTimeOffset now)
    {
        int takenBack = places.Values.Count(p => p.WasTakenBack);
        if (takenBack > rules.MaxRolledBack)
            return new([], RolloutState.Stopped, $"The model was taken back in {takenBack} of {places.Count} organizations; {rules.MaxRolledBack} are allowed.");
        foreach (List<Guid> wave in waves)
        {
            List<RolloutPlace> open = [.. wave.Select(o => places[o]).Where(p => !p.WasTakenBack && p.Current?.Stage != DeploymentStage.Active)];
            if (open.Count > 0)
                return new([.. open.Select(p => (p.OrganizationId, Stage: NextStage(p, rules, now))).Where(s => s.Stage is not null).Select(s => (s.OrganizationId, s.Stage!.Value))], RolloutState.Running, null);
        }

        return new([], RolloutState.Finished, null);
    }

    private static DeploymentStage? NextStage(RolloutPlace place, RolloutRules rules, DateTimeOffset now)
    {
        // Where nothing decides yet there is nothing to share frames with.
        bool skipsCanary = rules.CanaryHours <= 0 || !place.HasActive;
        DeploymentStage afterShadow = skipsCanary ? DeploymentStage.Active : DeploymentStage.Canary;
        if (place.Current is not { } current)
            return rules.ShadowHours > 0 ? DeploymentStage.Shadow : afterShadow;
        double hours = current.Stage == DeploymentStage.Shadow ? rules.ShadowHours : rules.CanaryHours;
        bool isDue = now - current.At >= TimeSpan.FromHours(hours) && place.Frames >= rules.MinFrames;
        return !isDue ? null : current.Stage == DeploymentStage.Shadow ? afterShadow : DeploymentStage.Active;
    }
}
