using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Train;

namespace Perenne.Hub.Automate;

/// <summary>
/// Dataset version, training, gate, rollout. What a stage makes carries the run's mark in its name, so that a hub that takes over after a
/// crash finds it and does not make it again.
/// </summary>
internal sealed class RetrainSteps(HubDbContext db, MoveFlow move, CreateDatasetVersion datasets, StartRun trainings, StartEvaluation evaluations, ChangeModel models, RolloutSteps rollout, TimeProvider time)
{
    public const string Dataset = "dataset", Training = "train", Gate = "gate";

    public Task MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel) => run.Stage switch
    {
        Dataset => DatasetAsync(run, policy, cancel),
        Training => TrainingAsync(run, cancel),
        RolloutSteps.Stage => rollout.MoveAsync(run, policy, cancel),
        _ => GateAsync(run, policy, cancel),
    };

    // Whoever claimed the stage gets this long to finish its effect before another hub does it instead.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private bool IsFresh(FlowRun run) => run.Moves > 0 && time.GetUtcNow() - run.Log[^1].At < Patience;

    private static string Mark(FlowRun run) => $"Retraining {run.Id.ToString()[^8..]}";

    private async Task DatasetAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        string mark = Mark(run);
        DatasetVersion? version = await db.Set<DatasetVersion>().AsNoTracking().FirstOrDefaultAsync(v => v.ProjectId == run.ProjectId && v.Name == mark, cancel);
        if (version is null)
        {
            if (IsFresh(run) || !await move.ToAsync(run, Dataset, "All accepted images are being frozen into a dataset version.", run.Outputs, FlowState.Running, 0, cancel))
                return;
            DatasetQuery? query = await (from model in db.Set<ModelVersion>()
                                         join dataset in db.Set<DatasetVersion>() on model.DatasetVersionId equals dataset.Id
                                         where model.Id == run.Inputs.Subject
                                         select dataset.Query).AsNoTracking().FirstOrDefaultAsync(cancel);
            // What counts as an annotation stays what it was for the champion; the images are all there are by now.
            Result<DatasetCreated> made = await datasets.HandleAsync(run.ProjectId, new(mark, Labels: query?.Labels ?? LabelSource.AcceptedOrImported, Notes: run.Reason), cancel);
            if (!made.Succeeded)
                await FailAsync(run, made.Error.Detail, cancel);
            return;
        }

        if (version.State is DatasetState.Queued or DatasetState.Building)
            return;
        FlowOutputs outputs = run.Outputs with { DatasetVersion = version.Id, Images = version.Images };
        if (version.State != DatasetState.Ready)
        {
            await move.ToAsync(run, Dataset, version.Failure ?? "The dataset version was cancelled.", outputs, FlowState.Failed, 0, cancel);
            return;
        }

        if (!await move.ToAsync(run, Training, $"Dataset version {version.Number} holds {version.Images} images; the training is ordered.", outputs, FlowState.Running, 0, cancel))
            return;
        Result<RunStarted> started = await trainings.HandleAsync(run.ProjectId, await RecipeAsync(run, mark, version.Number, policy.Retrain, cancel), cancel);
        if (!started.Succeeded)
            await FailAsync(run, started.Error.Detail, cancel);
    }

    // The champion's trainer and parameters on the new data, for the policy's time.
    private async Task<RunRequest> RecipeAsync(FlowRun run, string mark, int dataset, RetrainPolicy policy, CancellationToken cancel)
    {
        TrainingRun? before = await (from model in db.Set<ModelVersion>()
                                     join training in db.Set<TrainingRun>() on model.RunId equals training.Id
                                     where model.Id == run.Inputs.Subject
                                     select training).AsNoTracking().FirstOrDefaultAsync(cancel);
        int? champion = policy.WarmStart ? await NumberAsync(run.Inputs.Subject, cancel) : null;
        return before is null
            ? new(mark, dataset, Minutes: policy.Minutes, WarmStart: champion)
            : new(mark, dataset, before.Config.Task, policy.Minutes, Trainer: before.TrainerId, WarmStart: champion, UseReference: before.Config.UseReference,
                Parameters: before.Config.Parameters is { } json ? JsonElement.Parse(json) : null);
    }

    private async Task TrainingAsync(FlowRun run, CancellationToken cancel)
    {
        string mark = Mark(run);
        TrainingRun? training = await db.Set<TrainingRun>().AsNoTracking().FirstOrDefaultAsync(r => r.ProjectId == run.ProjectId && r.Name == mark, cancel);
        if (training is null)
        {
            // The hub died between claiming and ordering: back, and order again.
            if (!IsFresh(run))
                await move.ToAsync(run, Dataset, "The training was not ordered; once more.", run.Outputs, FlowState.Running, 0, cancel);
            return;
        }

        if (training.State is RunState.Queued or RunState.Running or RunState.Stopping)
            return;
        FlowOutputs outputs = run.Outputs with { TrainingRun = training.Id };
        double cost = training is { StartedAt: { } from, FinishedAt: { } to } ? (to - from).TotalSeconds : 0;
        if (training.State != RunState.Succeeded)
        {
            await move.ToAsync(run, Training, training.Failure ?? "The training was cancelled.", outputs, training.State == RunState.Cancelled ? FlowState.Cancelled : FlowState.Failed, cost, cancel);
            return;
        }

        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.RunId == training.Id, cancel);
        await move.ToAsync(run, Gate, $"Model {model.Number} is trained; its gate is next.", outputs with { ModelVersion = model.Id }, FlowState.Running, cost, cancel);
    }

    private async Task GateAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == run.Outputs.ModelVersion, cancel);
        ModelVersion? champion = await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == run.Inputs.Subject, cancel);
        Evaluation? own = await EvaluationAsync(run, model, cancel);
        bool areReady = own is not null;
        foreach (ModelVersion other in await RivalsAsync(run, cancel))
            areReady &= await EvaluationAsync(run, other, cancel) is not null;
        if (!areReady)
            return; // Ordered now, or still running.
        Evaluation? its = champion is { RetiredAt: null } ? await EvaluationAsync(run, champion, cancel) : null;
        double? score = Measurements.MeanAp(own!), before = its is null ? null : Measurements.MeanAp(its);
        FlowOutputs outputs = run.Outputs with { Evaluation = own!.Id };
        if (score is not { } reached || (before is { } least && reached < least + policy.Gate.Margin))
        {
            string why = score is null ? "It could not be measured on the frozen test split." : FormattableString.Invariant($"Model {model.Number} reaches mean AP {score:P1} on the frozen test split, the champion {before:P1}; the policy asks for {policy.Gate.Margin:P1} more.");
            await move.ToAsync(run, Gate, why, outputs, FlowState.Refused, 0, cancel);
            return;
        }

        Result<Done> given = await models.GiveAsync(run.ProjectId, model.Number, new(ModelAlias.Candidate, run.Reason), cancel);
        string words = FormattableString.Invariant($"Model {model.Number} passed: mean AP {reached:P1} on the frozen test split") + (before is { } b ? FormattableString.Invariant($", the champion {b:P1}") : "") + ". It is the candidate.";
        if (!given.Succeeded)
            await move.ToAsync(run, Gate, given.Error.Detail, outputs, FlowState.Failed, 0, cancel);
        else if (policy.Rollout.Automatic)
            await move.ToAsync(run, RolloutSteps.Stage, words, outputs, FlowState.Running, 0, cancel);
        else
            await move.ToAsync(run, Gate, words + " A person deploys it: the policy's rollout is not automatic.", outputs, FlowState.Succeeded, 0, cancel);
    }

    // The champion and whatever decides in an organization: the deployment's gates compare with those.
    private async Task<List<ModelVersion>> RivalsAsync(FlowRun run, CancellationToken cancel)
    {
        Guid[] deciding = [.. (await db.PlansOfAsync(run.ProjectId, cancel)).Values.Select(p => p.Active?.ModelVersionId).OfType<Guid>()];
        return await db.Set<ModelVersion>().AsNoTracking().Where(m => (m.Id == run.Inputs.Subject || deciding.Contains(m.Id)) && m.RetiredAt == null && m.Id != run.Outputs.ModelVersion).ToListAsync(cancel);
    }

    // Both on the new dataset version: its test split holds the old one's images, and neither was trained on them.
    private async Task<Evaluation?> EvaluationAsync(FlowRun run, ModelVersion model, CancellationToken cancel)
    {
        Evaluation? found = await db.Set<Evaluation>().AsNoTracking().Where(e => e.ProjectId == run.ProjectId && e.ModelVersionId == model.Id && e.DatasetVersionId == run.Outputs.DatasetVersion)
            .OrderBy(e => e.Number).FirstOrDefaultAsync(cancel);
        if (found is not null)
            return found.State is EvaluationState.Queued or EvaluationState.Running ? null : found;
        int dataset = await db.Set<DatasetVersion>().Where(v => v.Id == run.Outputs.DatasetVersion).Select(v => v.Number).SingleAsync(cancel);
        Result<EvaluationStarted> started = await evaluations.HandleAsync(run.ProjectId, new(model.Number, dataset, Robustness: false), cancel);
        if (!started.Succeeded)
            await FailAsync(run, started.Error.Detail, cancel);
        return null;
    }

    private async Task<int?> NumberAsync(Guid? model, CancellationToken cancel) =>
        await db.Set<ModelVersion>().Where(m => m.Id == model && m.RetiredAt == null).Select(m => (int?)m.Number).FirstOrDefaultAsync(cancel);

    private async Task FailAsync(FlowRun run, string words, CancellationToken cancel)
    {
        FlowRun now = await db.Set<FlowRun>().AsNoTracking().SingleAsync(r => r.Id == run.Id, cancel);
        await move.ToAsync(now, now.Stage, words, now.Outputs, FlowState.Failed, 0, cancel);
    }
}
