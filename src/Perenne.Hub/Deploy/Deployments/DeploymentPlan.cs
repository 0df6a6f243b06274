namespace Perenne.Hub.Deploy;

/// <summary>What is in force, as a pure function of the history. "Which model judged at time t" is the plan of the history up to t.</summary>
/// <param name="Active">Decides; null before the first activation.</param>
/// <param name="Previous">Decides again when the active one is rolled back.</param>
internal sealed record DeploymentPlan(Deployment? Active, Deployment? Previous, Deployment? Canary, IReadOnlyList<Deployment> Shadows)
{
    public static DeploymentPlan Empty { get; } = new(null, null, null, []);

    /// <param name="history">Of one project in one organization.</param>
    /// <param name="until">Entries after this moment are left out; null: all count.</param>
    public static DeploymentPlan Of(IEnumerable<Deployment> history, DateTimeOffset? until = null)
    {
        List<Deployment> active = [], shadows = [];
        Deployment? canary = null;
        foreach (Deployment entry in history.Where(d => until is null || d.At <= until).OrderBy(d => d.Number))
        {
            // Whatever happens to a model now replaces what it was before: nothing is its own shadow or canary.
            shadows.RemoveAll(s => s.ModelVersionId == entry.ModelVersionId);
            if (canary?.ModelVersionId == entry.ModelVersionId)
                canary = null;
            switch (entry.Stage)
            {
                case DeploymentStage.Shadow:
                    shadows.Add(entry);
                    break;
                case DeploymentStage.Canary:
                    canary = entry;
                    break;
                case DeploymentStage.Active:
                    active.Add(entry);
                    break;
                case DeploymentStage.RolledBack:
                    while (active.Count > 0 && active[^1].ModelVersionId == entry.ModelVersionId)
                        active.RemoveAt(active.Count - 1);
                    break;
                case DeploymentStage.Withdrawn:
                    break;
                default:
                    throw new InvalidOperationException($"The stage {entry.Stage} has no rule.");
            }
        }

        Deployment? now = active.Count > 0 ? active[^1] : null;
        return new(now, active.LastOrDefault(d => d.ModelVersionId != now?.ModelVersionId), canary, shadows);
    }

    public IEnumerable<Deployment> All => new[] { Active, Canary }.OfType<Deployment>().Concat(Shadows);
}
