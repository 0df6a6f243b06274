namespace Perenne.Hub.Deploy;

/// <summary>A stretch of time in which a version was at one stage in an organization.</summary>
/// <param name="To">Null: until now.</param>
internal sealed record LanePiece(DeploymentStage Stage, int ModelNumber, DateTimeOffset From, DateTimeOffset? To, bool TakenBack);

/// <summary>The history of one organization as stretches of time, for the picture of who judged when. A pure function of the history.</summary>
internal static class DeploymentLanes
{
    public static List<LanePiece> Of(IReadOnlyCollection<Deployment> history)
    {
        List<LanePiece> done = [];
        List<(Deployment Entry, DateTimeOffset From)> open = [];
        List<Deployment> soFar = [];
        foreach (Deployment entry in history.OrderBy(d => d.Number))
        {
            soFar.Add(entry);
            DeploymentPlan plan = DeploymentPlan.Of(soFar);
            List<Deployment> now = [.. plan.All];
            bool isRollback = entry.Stage == DeploymentStage.RolledBack;
            foreach ((Deployment gone, DateTimeOffset from) in open.Where(o => now.All(d => d.Id != o.Entry.Id)).ToList())
            {
                done.Add(new(gone.Stage, gone.ModelNumber, from, entry.At, isRollback && gone.ModelVersionId == entry.ModelVersionId));
                open.RemoveAll(o => o.Entry.Id == gone.Id);
            }

            // After a rollback the model before it decides again: from that moment, not from its own.
            open.AddRange(now.Where(d => open.All(o => o.Entry.Id != d.Id)).Select(d => (d, entry.At)));
        }

        done.AddRange(open.Select(o => new LanePiece(o.Entry.Stage, o.Entry.ModelNumber, o.From, null, false)));
        return [.. done.OrderBy(p => p.From)];
    }
}
