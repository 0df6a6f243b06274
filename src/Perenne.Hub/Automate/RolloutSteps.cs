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

    public async Task MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == run.Outputs.ModelVersion, cancel);
        // The rollout's id is the run's: a hub that takes over finds it begun.
        Rollout? rollout = await db.Set<Rollout>().AsNoTracking().SingleOrDefaultAsync(r => r.ProjectId == run.ProjectId && r.Id == run.Id, cancel);
        if (rollout is null)
            await BeginAsync(run, model, policy.Rollout, cancel);
        else if (rollout.State == RolloutState.Stopped)
            await EndAsync(run, rollout.Note ?? "A person stopped the rollout.", FlowState.Refused, cancel);
        else if (rollout.State == RolloutState.Finished)
            await TrustAsync(run, model, $"Model {model.Number} decides in all organizations of the rollout. It is the champion.", cancel);
    }

    private async Task BeginAsync(FlowRun run, ModelVersion model, RolloutPolicy policy, CancellationToken cancel)
    {
        var places = await (from link in db.Set<ProjectOrganization>()
                            join o in db.Set<Organization>() on link.OrganizationId equals o.Id
                            where link.ProjectId == run.ProjectId && o.ArchivedAt == null && db.Set<Station>().Any(s => s.OrganizationId == o.Id && s.RevokedAt == null && s.HeartbeatAt != null)
                            orderby o.Name
                            select new { o.Id, o.Slug }).ToListAsync(cancel);
        if (places.Count == 0)
        {
            await TrustAsync(run, model, $"No organization has a station in service. Model {model.Number} is the champion.", cancel);
            return;
        }

        IReadOnlyList<IReadOnlyList<string>> waves = [.. places.GroupBy(p => p.Id == run.OrganizationId).OrderByDescending(g => g.Key).Select(g => (IReadOnlyList<string>)[.. g.Select(p => p.Slug)])];
        RolloutRules rules = new(policy.ShadowHours, policy.CanaryShare, policy.CanaryHours, policy.LeastFrames, policy.MostTakenBack);
        Result<RolloutRow> begun = await rollouts.StartAsync(run.ProjectId, new(model.Id, waves, rules), cancel, run.Id);
        if (begun.Succeeded)
            await move.ToAsync(run, Stage, $"The rollout of model {model.Number} begins with {string.Join(", ", waves[0])}.", run.Outputs with { Rollout = run.Id }, FlowState.Running, 0, cancel);
        else if (begun.Error.Code != ManageRollouts.Busy)
            await EndAsync(run, begun.Error.Detail, FlowState.Failed, cancel);
    }

    private async Task TrustAsync(FlowRun run, ModelVersion model, string words, CancellationToken cancel)
    {
        Result<Done> given = await models.GiveAsync(run.ProjectId, model.Number, new(ModelAlias.Champion, run.Reason), cancel);
        await EndAsync(run, given.Succeeded ? words : given.Error.Detail, given.Succeeded ? FlowState.Succeeded : FlowState.Failed, cancel);
    }

    private Task<bool> EndAsync(FlowRun run, string words, FlowState state, CancellationToken cancel) => move.ToAsync(run, Stage, words, run.Outputs, state, 0, cancel);
}
