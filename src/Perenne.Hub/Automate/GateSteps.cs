using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>
/// Measures the new model, the champion and whatever decides in an organization on the new dataset version's test split. Images stay in the split they
/// were once put in, so none of the models was trained on them. What could not be measured has not passed.
/// </summary>
internal sealed class GateSteps(HubDbContext db, MoveFlow move, StartEvaluation evaluations, ChangeModel models)
{
    public const string Stage = "gate";

    /// <returns>True: it moved to the rollout.</returns>
    public async Task<bool> MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == run.Outputs.ModelVersion, cancel);
        List<Evaluation> all = [];
        bool waits = false;
        foreach (ModelVersion judged in (List<ModelVersion>)[model, .. await RivalsAsync(run, cancel)])
        {
            Guid id = FlowEffects.IdOf(run, $"{Stage}:{judged.Id}");
            if (await db.Set<Evaluation>().AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancel) is { } found)
                all.Add(found);
            else if (await OrderAsync(run, judged, id, cancel) is { } refused)
                return await EndAsync(run, refused, run.Outputs, FlowState.Failed, 0, cancel);
            else
                waits = true;
        }

        if (waits || all.Any(e => e.State is EvaluationState.Queued or EvaluationState.Running))
            return false;
        FlowOutputs outputs = run.Outputs with { Evaluation = all[0].Id };
        double cost = all.Sum(e => e.ProcessorSeconds);
        if (all.FirstOrDefault(e => e.State != EvaluationState.Ready) is { } broken)
            return await EndAsync(run, broken.Failure ?? $"Evaluation {broken.Number} was cancelled.", outputs, FlowState.Failed, cost, cancel);
        return await JudgeAsync(run, model, all[0], all.FirstOrDefault(e => e.ModelVersionId == run.Inputs.Subject), policy, outputs, cost, cancel);
    }

    private async Task<bool> JudgeAsync(FlowRun run, ModelVersion model, Evaluation own, Evaluation? champion, LoopPolicy policy, FlowOutputs outputs, double cost, CancellationToken cancel)
    {
        if (Measurements.Compared(own, champion) is not { } score)
            return await EndAsync(run, "The frozen test split gives no figure that both models have: there is nothing to judge by.", outputs, FlowState.Refused, cost, cancel);
        string both = FormattableString.Invariant($"Model {model.Number} reaches {score.Name} {score.Own:P1} on the frozen test split") + (score.Other is { } its ? FormattableString.Invariant($", the champion {its:P1}") : "");
        if (score.Other is { } before && score.Own < before + policy.Gate.Margin)
            return await EndAsync(run, FormattableString.Invariant($"{both}; the policy asks for {policy.Gate.Margin:P1} more. The champion stays."), outputs, FlowState.Refused, cost, cancel);
        Result<Done>? given = await FlowEffects.OnceAsync(db, () => models.GiveAsync(run.ProjectId, model.Number, new(ModelAlias.Candidate, run.Reason), cancel, move.Holding(run, cancel)));
        if (!await move.HeldAsync(run, given, outputs, cancel))
            return false;
        return policy.Rollout.Automatic
            ? await move.ToAsync(run, RolloutSteps.Stage, $"{both}. It is the candidate.", outputs, FlowState.Running, cost, cancel)
            : await EndAsync(run, $"{both}. It is the candidate. A person deploys it: the policy's rollout is not automatic.", outputs, FlowState.Succeeded, cost, cancel);
    }

    // The champion and whatever decides in an organization: the deployment's gates compare with those.
    private async Task<List<ModelVersion>> RivalsAsync(FlowRun run, CancellationToken cancel)
    {
        Guid[] deciding = [.. (await db.PlansOfAsync(run.ProjectId, cancel)).Values.Select(p => p.Active?.ModelVersionId).OfType<Guid>()];
        return await db.Set<ModelVersion>().AsNoTracking().Where(m => (m.Id == run.Inputs.Subject || deciding.Contains(m.Id)) && m.RetiredAt == null && m.Id != run.Outputs.ModelVersion).OrderBy(m => m.Number).ToListAsync(cancel);
    }

    private async Task<string?> OrderAsync(FlowRun run, ModelVersion model, Guid id, CancellationToken cancel)
    {
        int dataset = await db.Set<DatasetVersion>().Where(v => v.Id == run.Outputs.DatasetVersion).Select(v => v.Number).SingleAsync(cancel);
        return await FlowEffects.OnceAsync(db, () => evaluations.HandleAsync(run.ProjectId, new(model.Number, dataset, Robustness: false), cancel, id)) is { Succeeded: false } refused ? refused.Error.Detail : null;
    }

    private async Task<bool> EndAsync(FlowRun run, string words, FlowOutputs outputs, FlowState state, double cost, CancellationToken cancel)
    {
        await move.ToAsync(run, Stage, words, outputs, state, cost, cancel);
        return false;
    }
}
