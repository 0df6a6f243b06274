using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Deploy;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>The rollout that follows a passed gate: first where the retraining was needed, then everywhere else that has stations.</summary>
internal sealed class RolloutSteps(HubDbContext db, MoveFlow move, ManageRollouts rollouts, ChangeModel models)
{
    public const string Stage = "rollout";

    /// <returns>False: it waits, or it is over.</returns>
    public async Task<bool> MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == run.Outputs.ModelVersion, cancel);
        // The rollout's id is the run's: a hub that takes over finds it begun.
        Rollout? rollout = await db.Set<Rollout>().AsNoTracking().SingleOrDefaultAsync(r => r.ProjectId == run.ProjectId && r.Id == run.Id, cancel);
        if (rollout is null)
            await BeginAsync(run, model, policy.Rollout, cancel);
        else if (run.Outputs.Rollout is null)
            await move.ToAsync(run, Stage, $"The rollout of model {model.Number} has begun.", run.Outputs with { Rollout = run.Id }, FlowState.Running, 0, cancel);
        else if (rollout.State == RolloutState.Stopped)
            await EndAsync(run, rollout.Note ?? "A person stopped the rollout.", FlowState.Refused, cancel);
        else if (rollout.State == RolloutState.Finished)
            await TrustAsync(run, model, $"Model {model.Number} decides in all organizations of the rollout. It is the champion.", cancel);
        return false;
    }

    private async Task BeginAsync(FlowRun run, ModelVersion model, RolloutPolicy policy, CancellationToken cancel)
    {
        var places = await (from link in db.Set<ProjectOrganization>()
                            join o in db.Set<Organization>() on link.OrganizationId equals o.Id
                            where link.ProjectId == run.ProjectId && o.ArchivedAt == null && db.Set<Station>().Any(s => s.OrganizationId == o.Id && s.RevokedAt == null && s.HeartbeatAt != null)
                            orderby o.Name
                            select new { o.Id, o.Slug, o.Name }).ToListAsync(cancel);
        if (places.Count == 0)
        {
            await TrustAsync(run, model, $"No organization has a station in service. Model {model.Number} is the champion.", cancel);
            return;
        }

        var waves = places.GroupBy(p => p.Id == run.OrganizationId).OrderByDescending(g => g.Key).ToList();
        RolloutRules rules = new(policy.ShadowHours, policy.CanaryShare, policy.CanaryHours, policy.LeastFrames, policy.MostTakenBack);
        StartRolloutRequest request = new(model.Id, [.. waves.Select(w => (IReadOnlyList<string>)[.. w.Select(p => p.Slug)])], rules);
        Result<RolloutRow>? begun = await FlowEffects.OnceAsync(db, () => rollouts.StartAsync(run.ProjectId, request, cancel, run.Id));
        if (begun is { Succeeded: true })
            await move.ToAsync(run, Stage, $"The rollout of model {model.Number} begins with {string.Join(", ", waves[0].Select(p => p.Name))}.", run.Outputs with { Rollout = run.Id }, FlowState.Running, 0, cancel);
        else if (begun?.Error is { } refused && refused.Code != ManageRollouts.Busy)
            await EndAsync(run, refused.Detail, FlowState.Failed, cancel);
    }

    private async Task TrustAsync(FlowRun run, ModelVersion model, string words, CancellationToken cancel)
    {
        Result<Done>? given = await FlowEffects.OnceAsync(db, () => models.GiveAsync(run.ProjectId, model.Number, new(ModelAlias.Champion, run.Reason), cancel, move.Holding(run, cancel)));
        if (await move.HeldAsync(run, given, run.Outputs, cancel))
            await EndAsync(run, words, FlowState.Succeeded, cancel);
    }

    private Task<bool> EndAsync(FlowRun run, string words, FlowState state, CancellationToken cancel) => move.ToAsync(run, Stage, words, run.Outputs, state, 0, cancel);
}
