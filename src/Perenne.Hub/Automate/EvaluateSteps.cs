using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>
/// Measures the deployed version, and those that are tried beside it, on the organization's newest accepted images: the same for all, and none that any
/// of them was trained on.
/// </summary>
internal sealed class EvaluateSteps(HubDbContext db, MoveFlow move, CreateDatasetVersion datasets, DeploymentLog deployments, StartEvaluation evaluations, TimeProvider time)
{
    public const string Dataset = "dataset", Measure = "measure";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        ModelVersion? model = await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == run.Inputs.Subject, cancel);
        if (model is null || model.RetiredAt is not null)
            await move.ToAsync(run, run.Stage, "The model's network was removed; there is nothing to measure.", run.Outputs, FlowState.Refused, 0, cancel);
        else if (run.Stage == Dataset)
            await DatasetAsync(run, model, policy, cancel);
        else
            await MeasureAsync(run, model, policy, cancel);
    }

    private static string Mark(FlowRun run) => $"Measurement {run.Id.ToString()[^8..]}" + (run.Attempt > 1 ? $", attempt {run.Attempt}" : "");

    private bool IsFresh(FlowRun run) => run.Moves > 0 && time.GetUtcNow() - run.Log[^1].At < Patience;

    private async Task DatasetAsync(FlowRun run, ModelVersion model, LoopPolicy policy, CancellationToken cancel)
    {
        string mark = Mark(run), slug = await SlugAsync(run, cancel);
        DatasetVersion? version = await db.Set<DatasetVersion>().AsNoTracking().FirstOrDefaultAsync(v => v.ProjectId == run.ProjectId && v.Name == mark, cancel);
        if (version is null)
        {
            if (IsFresh(run) || !await move.ToAsync(run, Dataset, "The accepted images are being collected.", run.Outputs, FlowState.Running, 0, cancel))
                return;
            Result<DatasetCreated> made = await datasets.HandleAsync(run.ProjectId, new(mark, new() { Organization = [slug] }, LabelSource.Accepted, Notes: run.Reason), cancel);
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

        if (await move.ToAsync(run, Measure, $"Model {model.Number} is measured on the newest of {version.Images} images, as far as it was not trained on them.", outputs, FlowState.Running, 0, cancel))
            await OrderAsync(run, await ComparedAsync(run, model, cancel), version, slug, policy, cancel);
    }

    private async Task MeasureAsync(FlowRun run, ModelVersion model, LoopPolicy policy, CancellationToken cancel)
    {
        DatasetVersion dataset = await db.Set<DatasetVersion>().AsNoTracking().SingleAsync(v => v.Id == run.Outputs.DatasetVersion, cancel);
        var found = await (
            from e in db.Set<Evaluation>()
            where e.ProjectId == run.ProjectId && e.DatasetVersionId == dataset.Id
            join m in db.Set<ModelVersion>() on e.ModelVersionId equals m.Id
            orderby e.Number
            select new { Model = m, Evaluation = e }).AsNoTracking().ToListAsync(cancel);
        Evaluation? own = found.Find(f => f.Model.Id == model.Id)?.Evaluation;
        if (own is null)
        {
            // The hub died between claiming and ordering.
            if (!IsFresh(run))
                await OrderAsync(run, await ComparedAsync(run, model, cancel), dataset, await SlugAsync(run, cancel), policy, cancel);
            return;
        }

        if (found.Exists(f => f.Evaluation.State is EvaluationState.Queued or EvaluationState.Running))
            return;
        double cost = found.Sum(f => f.Evaluation.ProcessorSeconds);
        string words = string.Join(" ", found.OrderByDescending(f => f.Model.Id == model.Id).Select(f => Words(f.Model, f.Evaluation)));
        await move.ToAsync(run, Measure, words, run.Outputs with { Evaluation = own.Id }, own.State == EvaluationState.Ready ? FlowState.Succeeded : FlowState.Failed, cost, cancel);
    }

    private static string Words(ModelVersion model, Evaluation evaluation) => Measurements.Of(evaluation) is { } m
        ? FormattableString.Invariant($"Model {model.Number}: F1 {m.Value:P1} ({m.Low:P1} to {m.High:P1}) on {m.Images} images.") : evaluation.Failure ?? $"The evaluation of model {model.Number} gave no figure.";

    // The deployed one first; then what runs beside it here, and the project's own order.
    private async Task<List<ModelVersion>> ComparedAsync(FlowRun run, ModelVersion model, CancellationToken cancel)
    {
        DeploymentPlan plan = await deployments.PlanAsync(run.OrganizationId, run.ProjectId, cancel);
        List<Guid?> named = await db.CurrentOf(run.ProjectId).Select(a => a.ModelVersionId).ToListAsync(cancel);
        Guid[] others = [.. plan.All.Select(d => d.ModelVersionId).Concat(named.OfType<Guid>()).Distinct()];
        List<ModelVersion> running = await db.Set<ModelVersion>().AsNoTracking().Where(m => others.Contains(m.Id) && m.Id != model.Id && m.RetiredAt == null && m.Task == model.Task).OrderBy(m => m.Number).ToListAsync(cancel);
        return [model, .. running];
    }

    private async Task OrderAsync(FlowRun run, List<ModelVersion> models, DatasetVersion dataset, string slug, LoopPolicy policy, CancellationToken cancel)
    {
        EvaluationSlice slice = new(Split: null, Organization: slug, NotSeenBy: string.Join(',', models.Select(m => m.Number).Order()), Newest: policy.Evaluate.NewestAccepted);
        foreach (ModelVersion model in models)
        {
            Result<EvaluationStarted> started = await evaluations.HandleAsync(run.ProjectId, new(model.Number, dataset.Number, slice, Robustness: false), cancel);
            if (!started.Succeeded && model == models[0])
                await FailAsync(run, started.Error.Detail, cancel);
        }
    }

    private Task<string> SlugAsync(FlowRun run, CancellationToken cancel) => db.Set<Organization>().Where(o => o.Id == run.OrganizationId).Select(o => o.Slug).SingleAsync(cancel);

    private async Task FailAsync(FlowRun run, string words, CancellationToken cancel)
    {
        FlowRun now = await db.Set<FlowRun>().AsNoTracking().SingleAsync(r => r.Id == run.Id, cancel);
        await move.ToAsync(now, now.Stage, words, now.Outputs, FlowState.Failed, 0, cancel);
    }
}
