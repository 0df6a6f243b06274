namespace Perenne.Hub.Deploy;

/// <summary>Points of the timeline chart.</summary>
internal static class DeploymentTimeline
{
    /// <summary>The number of the version that decided right after an entry; null: none.</summary>
    public static int? NumberAt(IEnumerable<DeploymentRow> history, DateTimeOffset at)
    {
        List<DeploymentRow> active = [];
        foreach (DeploymentRow row in history.Where(r => r.At <= at).OrderBy(r => r.Number))
        {
            if (row.Stage == DeploymentStage.Active)
                active.Add(row);
            while (row.Stage == DeploymentStage.RolledBack && active.Count > 0 && active[^1].ModelVersionId == row.ModelVersionId)
                active.RemoveAt(active.Count - 1);
        }

        return active.Count > 0 ? active[^1].ModelNumber : null;
    }
}
