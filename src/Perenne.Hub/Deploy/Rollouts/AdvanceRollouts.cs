using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Deploy;

/// <summary>Takes each running rollout one step on, as the system. A gate that does not pass keeps the organization waiting and is said in the note.</summary>
internal sealed class AdvanceRollouts(HubDbContext db, DeployModel deploy, DeploymentLog log, WatchDeployments watch, AuditLog audit, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (Rollout rollout in await db.Set<Rollout>().Where(r => r.State == RolloutState.Running).ToListAsync(cancel))
            await AdvanceAsync(rollout, cancel);
    }

    private async Task AdvanceAsync(Rollout rollout, CancellationToken cancel)
    {
        Dictionary<Guid, RolloutPlace> places = [];
        Dictionary<Guid, int> last = [];
        foreach (Guid organization in rollout.Waves.SelectMany(w => w))
            (places[organization], last[organization]) = await PlaceAsync(rollout, organization, cancel);
        RolloutNext next = RolloutStep.Of(rollout.Waves, rollout.Rules, places, time.GetUtcNow());
        string? note = next.Note;
        foreach ((Guid organization, DeploymentStage stage) in next.Steps)
        {
            Result<DeploymentRow> done = await deploy.HandleAsync(organization, rollout.ProjectId, new(rollout.ModelVersionId, stage, $"Rollout, wave {rollout.Waves.FindIndex(w => w.Contains(organization)) + 1}",
                rollout.Rules.CanaryShare) { IsAutomatic = true, RolloutId = rollout.Id, After = last[organization] }, cancel);
            // Another hub took the same step, or a person another one: the next look decides anew.
            if (!done.Succeeded && done.Error.Code != DeploymentLog.Changed)
                note = await db.Set<Organization>().Where(o => o.Id == organization).Select(o => o.Name).SingleAsync(cancel) + ": " + done.Error.Detail;
        }

        // The log clears what the context tracked when it lost a race; the row is read again.
        Rollout? now = await db.Set<Rollout>().SingleOrDefaultAsync(r => r.Id == rollout.Id && r.State == RolloutState.Running, cancel);
        if (now is null || (now.State == next.State && now.Note == note))
            return;
        if (now.State != next.State)
        {
            now.EndedAt = time.GetUtcNow();
            audit.Record(now.OrganizationId, "rollout." + next.State.ToString().ToLowerInvariant(), $"v{now.ModelNumber}", after: new { note });
        }

        (now.State, now.Note) = (next.State, note?[..Math.Min(2000, note.Length)]);
        await db.SaveChangesAsync(cancel);
    }

    private async Task<(RolloutPlace Place, int Last)> PlaceAsync(Rollout rollout, Guid organization, CancellationToken cancel)
    {
        List<Deployment> history = await log.ReadAsync(organization, rollout.ProjectId, cancel);
        DeploymentPlan plan = DeploymentPlan.Of(history);
        Deployment? current = plan.All.FirstOrDefault(d => d.ModelVersionId == rollout.ModelVersionId);
        bool takenBack = history.Any(d => d.ModelVersionId == rollout.ModelVersionId && d.At >= rollout.StartedAt && d.Stage is DeploymentStage.RolledBack or DeploymentStage.Withdrawn);
        return (new(organization, current, current is null ? 0 : (await watch.EvidenceAsync(current.Id, cancel)).Frames, takenBack && current is null, plan.Active is not null), history.Count == 0 ? 0 : history[^1].Number);
    }
}
