using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Train;

namespace Perenne.Hub.Automate;

/// <summary>Dataset version, training, gate, rollout: a stage makes its thing, waits until it is finished, and moves on with what it made.</summary>
internal sealed class RetrainSteps(HubDbContext db, MoveFlow move, CreateDatasetVersion datasets, StartRun trainings, GateSteps gate, RolloutSteps rollout)
{
    public const string Dataset = "dataset", Training = "train";

    public async Task MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        while (run.State == FlowState.Running && await StageAsync(run, policy, cancel))
        {
            // What is ready is not left for the next tick.
        }
    }

    /// <returns>True: it moved to another stage, which may begin.</returns>
    private Task<bool> StageAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel) => run.Stage switch
    {
        Dataset => DatasetAsync(run, cancel),
        Training => TrainingAsync(run, policy.Retrain, cancel),
        RolloutSteps.Stage => rollout.MoveAsync(run, policy, cancel),
        _ => gate.MoveAsync(run, policy, cancel),
    };

    private static string Name(FlowRun run) => $"Retraining {run.StartedAt:yyyy-MM-dd}" + (run.Attempt > 1 ? $", attempt {run.Attempt}" : "");

    private async Task<bool> DatasetAsync(FlowRun run, CancellationToken cancel)
    {
        Guid id = FlowEffects.IdOf(run, Dataset);
        DatasetVersion? version = await db.Set<DatasetVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.Id == id, cancel);
        if (version is null)
        {
            DatasetQuery? query = await (from model in db.Set<ModelVersion>()
                                         join dataset in db.Set<DatasetVersion>() on model.DatasetVersionId equals dataset.Id
                                         where model.Id == run.Inputs.Subject
                                         select dataset.Query).AsNoTracking().FirstOrDefaultAsync(cancel);
            // What counts as an annotation stays what it was for the champion; the images are all there are by now.
            DatasetDraft draft = new(Name(run), Labels: query?.Labels ?? LabelSource.AcceptedOrImported, Notes: run.Reason);
            return await OrderedAsync(run, await FlowEffects.OnceAsync(db, () => datasets.HandleAsync(run.ProjectId, draft, cancel, id)), cancel);
        }

        if (version.State is DatasetState.Queued or DatasetState.Building)
            return false;
        FlowOutputs outputs = run.Outputs with { DatasetVersion = version.Id, Images = version.Images };
        return version.State == DatasetState.Ready
            ? await move.ToAsync(run, Training, $"All accepted images were frozen: dataset version {version.Number} holds {version.Images} of them. The training is next.", outputs, FlowState.Running, 0, cancel)
            : await move.ToAsync(run, Dataset, version.Failure ?? "The dataset version was cancelled.", outputs, FlowState.Failed, 0, cancel);
    }

    private async Task<bool> TrainingAsync(FlowRun run, RetrainPolicy policy, CancellationToken cancel)
    {
        Guid id = FlowEffects.IdOf(run, Training);
        TrainingRun? training = await db.Set<TrainingRun>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel);
        if (training is null)
        {
            RunRequest recipe = await RecipeAsync(run, policy, cancel);
            return await OrderedAsync(run, await FlowEffects.OnceAsync(db, () => trainings.HandleAsync(run.ProjectId, recipe, cancel, id)), cancel);
        }

        if (training.State is RunState.Queued or RunState.Running or RunState.Stopping)
            return false;
        FlowOutputs outputs = run.Outputs with { TrainingRun = training.Id };
        if (training.State != RunState.Succeeded)
        {
            FlowState end = training.State == RunState.Cancelled ? FlowState.Cancelled : FlowState.Failed;
            return await move.ToAsync(run, Training, training.Failure ?? $"Training run {training.Number} was stopped by a person.", outputs, end, training.ProcessorSeconds, cancel);
        }

        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.RunId == training.Id, cancel);
        string resumed = training.Resumes > 0 ? $" (resumed {training.Resumes} times)" : "";
        return await move.ToAsync(run, GateSteps.Stage, $"Training run {training.Number} made model {model.Number}{resumed}. Its gate is next.", outputs with { ModelVersion = model.Id }, FlowState.Running, training.ProcessorSeconds, cancel);
    }

    // The champion's trainer and parameters on the new data, for the policy's time.
    private async Task<RunRequest> RecipeAsync(FlowRun run, RetrainPolicy policy, CancellationToken cancel)
    {
        int dataset = await db.Set<DatasetVersion>().Where(v => v.Id == run.Outputs.DatasetVersion).Select(v => v.Number).SingleAsync(cancel);
        TrainingRun? before = await (from model in db.Set<ModelVersion>()
                                     join training in db.Set<TrainingRun>() on model.RunId equals training.Id
                                     where model.Id == run.Inputs.Subject
                                     select training).AsNoTracking().FirstOrDefaultAsync(cancel);
        int? champion = policy.WarmStart ? await db.Set<ModelVersion>().Where(m => m.Id == run.Inputs.Subject && m.RetiredAt == null).Select(m => (int?)m.Number).FirstOrDefaultAsync(cancel) : null;
        return before is null
            ? new(Name(run), dataset, Minutes: policy.Minutes, Steps: policy.Steps, WarmStart: champion)
            : new(Name(run), dataset, before.Config.Task, policy.Minutes, policy.Steps, Trainer: before.TrainerId, WarmStart: champion, UseReference: before.Config.UseReference,
                Parameters: before.Config.Parameters is { } json ? JsonElement.Parse(json) : null);
    }

    // Ordered, or ordered by another hub: the next look sees how it goes. Refused: the run has failed.
    private async Task<bool> OrderedAsync<T>(FlowRun run, Result<T>? ordered, CancellationToken cancel)
    {
        if (ordered is { Succeeded: false } refused)
            await move.ToAsync(run, run.Stage, refused.Error.Detail, run.Outputs, FlowState.Failed, 0, cancel);
        return false;
    }
}
