using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Evaluate;

/// <param name="Model">Number of the model version.</param>
/// <param name="Dataset">Number of the dataset version.</param>
/// <param name="Slice">Null: its test split.</param>
/// <param name="Robustness">Also measure a sample under brightness, blur, noise, JPEG, shift and scale.</param>
internal sealed record EvaluationRequest(int Model, int Dataset, EvaluationSlice? Slice = null, bool Robustness = true);

internal sealed record EvaluationStarted(Guid Id, int Number);

/// <summary>Puts an evaluation in the queue.</summary>
internal sealed class StartEvaluation(HubDbContext db, CurrentAccess access, WriteTurn turn, WorkQueue queue, IdSource ids, TimeProvider time)
{
    /// <param name="id">Of a flow that must not order it twice; null: a new one.</param>
    public async Task<Result<EvaluationStarted>> HandleAsync(Guid project, EvaluationRequest request, CancellationToken cancel, Guid? id = null)
    {
        EvaluationSlice slice = request.Slice ?? new();
        ModelVersion? model = await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == project && m.Number == request.Model, cancel);
        if (model is null || model.RetiredAt is not null)
            return HubError.Invalid("model", $"Model {request.Model} does not exist or its network was removed.");
        DatasetVersion? dataset = await db.VisibleVersions(project).AsNoTracking().SingleOrDefaultAsync(v => v.Number == request.Dataset, cancel);
        if (dataset is null || dataset.State != DatasetState.Ready)
            return HubError.Invalid("dataset", $"Dataset version {request.Dataset} does not exist or is not ready.");
        if (slice.Problem([.. dataset.Statistics!.Classes.Select(c => c.Name)]) is { } problem)
            return HubError.Invalid("slice", problem);
        if (slice.Split == "test" && dataset.Statistics.Images.Test == 0)
            return HubError.Invalid("slice", "No image of the dataset version is in test. Choose another split, or make a version with more groups of parts.");
        Guid organization = await db.Set<DatasetOrganization>().Where(o => o.DatasetVersionId == dataset.Id).Select(o => o.OrganizationId).FirstAsync(cancel);
        EvaluationStarted made = new(id ?? ids.Next(), 0);
        await turn.RunAsync(db, async () =>
        {
            made = made with { Number = 1 + (await db.Set<Evaluation>().Where(e => e.ProjectId == project).MaxAsync(e => (int?)e.Number, cancel) ?? 0) };
            db.Add(new Evaluation
            {
                Id = made.Id, ProjectId = project, Number = made.Number, ModelVersionId = model.Id, DatasetVersionId = dataset.Id, Slice = slice, Robustness = request.Robustness,
                CreatedBy = access.Actor.Id, CreatedByName = access.Actor.Name, CreatedAt = time.GetUtcNow(),
            });
            await db.SaveChangesAsync(cancel);
            await queue.AddAsync(db, organization, WorkKinds.Evaluation, made.Id, cancel);
        }, cancel);
        return made;
    }

    public async Task<Result<Done>> CancelAsync(Guid project, int number, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        int stopped = await db.EvaluationsIn(project).Where(e => e.Number == number && (e.State == EvaluationState.Queued || e.State == EvaluationState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, EvaluationState.Cancelled).SetProperty(e => e.FinishedAt, now), cancel);
        if (stopped == 1)
            return new Done();
        return await db.EvaluationsIn(project).AnyAsync(e => e.Number == number, cancel)
            ? HubError.Conflict("finished", $"Evaluation {number} is over already; there is nothing to stop.") : HubError.NotFound($"Evaluation {number}");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/evaluations").WithTags("Evaluations");
        group.MapPost("", async (EvaluationRequest request, StartEvaluation handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), request, http.RequestAborted)).ToCreated(made => $"/api/v1/projects/{http.ProjectId()}/evaluations/{made.Number}"))
            .Requires(HubAction.EvaluationsRun).Produces<EvaluationStarted>(StatusCodes.Status201Created).WithName("StartEvaluation")
            .WithExample(new EvaluationRequest(2, 3, new("test", "lyon"))).WithSummary("Measures a model version on a dataset version, or a slice of it, in the background.");
        group.MapPost("/{number:int}/cancel", async (int number, StartEvaluation handler, HttpContext http) => (await handler.CancelAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
            .Requires(HubAction.EvaluationsRun).Produces(StatusCodes.Status204NoContent).WithName("CancelEvaluation").WithSummary("Stops an evaluation; nothing of it is kept.");
    }
}
