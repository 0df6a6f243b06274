using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>
/// Measures the deployed version on an organization's newest accepted images. They came after the version's data were frozen, so it cannot
/// have been trained on them.
/// </summary>
internal sealed class EvaluateSteps(HubDbContext db, MoveFlow move, CreateDatasetVersion datasets, StartEvaluation evaluations, TimeProvider time)
{
    public const string Dataset = "dataset", Measure = "measure";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task MoveAsync(FlowRun run, CancellationToken cancel)
    {
        ModelVersion? model = await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == run.Inputs.Subject, cancel);
        if (model is null || model.RetiredAt is not null)
            await move.ToAsync(run, run.Stage, "The model's network was removed; there is nothing to measure.", run.Outputs, FlowState.Refused, 0, cancel);
        else if (run.Stage == Dataset)
            await DatasetAsync(run, model, cancel);
        else
            await MeasureAsync(run, model, cancel);
    }

    private static string Mark(FlowRun run) => $"Measurement {run.Id.ToString()[^8..]}" + (run.Attempt > 1 ? $", attempt {run.Attempt}" : "");

    private bool IsFresh(FlowRun run) => run.Moves > 0 && time.GetUtcNow() - run.Log[^1].At < Patience;

    private async Task DatasetAsync(FlowRun run, ModelVersion model, CancellationToken cancel)
    {
        string mark = Mark(run), slug = await SlugAsync(run, cancel);
        DatasetVersion? version = await db.Set<DatasetVersion>().AsNoTracking().FirstOrDefaultAsync(v => v.ProjectId == run.ProjectId && v.Name == mark, cancel);
        if (version is null)
        {
            DateTimeOffset? frozen = await db.Set<DatasetVersion>().Where(v => v.Id == model.DatasetVersionId).Select(v => (DateTimeOffset?)v.CreatedAt).SingleOrDefaultAsync(cancel);
            if (IsFresh(run) || !await move.ToAsync(run, Dataset, "The images accepted since the model's data were frozen are being collected.", run.Outputs, FlowState.Running, 0, cancel))
                return;
            Result<DatasetCreated> made = await datasets.HandleAsync(run.ProjectId, new(mark, new() { Organization = [slug], From = frozen ?? model.CreatedAt }, LabelSource.Accepted, Notes: run.Reason), cancel);
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

        if (!await move.ToAsync(run, Measure, $"Model {model.Number} is measured on {version.Images} images.", outputs, FlowState.Running, 0, cancel))
            return;
        Result<EvaluationStarted> started = await evaluations.HandleAsync(run.ProjectId, new(model.Number, version.Number, new(Split: null, Organization: slug), Robustness: false), cancel);
        if (!started.Succeeded)
            await FailAsync(run, started.Error.Detail, cancel);
    }

    private async Task MeasureAsync(FlowRun run, ModelVersion model, CancellationToken cancel)
    {
        Evaluation? evaluation = await db.Set<Evaluation>().AsNoTracking()
            .Where(e => e.ProjectId == run.ProjectId && e.ModelVersionId == model.Id && e.DatasetVersionId == run.Outputs.DatasetVersion).OrderBy(e => e.Number).FirstOrDefaultAsync(cancel);
        if (evaluation is null)
        {
            if (!IsFresh(run))
                await move.ToAsync(run, Dataset, "The measurement was not ordered; once more.", run.Outputs, FlowState.Running, 0, cancel);
            return;
        }

        if (evaluation.State is EvaluationState.Queued or EvaluationState.Running)
            return;
        double cost = evaluation.ProcessorSeconds;
        FlowOutputs outputs = run.Outputs with { Evaluation = evaluation.Id };
        string words = Measurements.Of(evaluation) is { } m
            ? FormattableString.Invariant($"F1 {m.Value:P1} ({m.Low:P1} to {m.High:P1}) on {m.Images} images.") : evaluation.Failure ?? "The evaluation gave no figure.";
        await move.ToAsync(run, Measure, words, outputs, evaluation.State == EvaluationState.Ready ? FlowState.Succeeded : FlowState.Failed, cost, cancel);
    }

    private Task<string> SlugAsync(FlowRun run, CancellationToken cancel) => db.Set<Organization>().Where(o => o.Id == run.OrganizationId).Select(o => o.Slug).SingleAsync(cancel);

    private async Task FailAsync(FlowRun run, string words, CancellationToken cancel)
    {
        FlowRun now = await db.Set<FlowRun>().AsNoTracking().SingleAsync(r => r.Id == run.Id, cancel);
        await move.ToAsync(now, now.Stage, words, now.Outputs, FlowState.Failed, 0, cancel);
    }
}
