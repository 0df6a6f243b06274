using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Models;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Train;

/// <param name="Dataset">Number of the dataset version.</param>
/// <param name="Trainer">Id of a user's own trainer; null: the built-in one.</param>
/// <param name="WarmStart">Number of the model version to start from.</param>
/// <param name="Seed">Null: drawn, and recorded.</param>
internal sealed record RunRequest(
    string Name, int Dataset, ModelTask Task = ModelTask.Detect, double? Minutes = 15, int? Steps = null, long? Seed = null, Guid? Trainer = null, int? WarmStart = null, bool UseReference = false,
    JsonElement? Parameters = null);

internal sealed record RunStarted(Guid Id, int Number);

/// <summary>Puts a training in the queue of the machines that train.</summary>
internal sealed class StartRun(HubDbContext db, CurrentAccess access, WriteTurn turn, WorkQueue queue, BuiltInTrainer builtIn, IdSource ids, TimeProvider time)
{
    /// <param name="id">Of a flow that must not start it twice; null: a new one.</param>
    public async Task<Result<RunStarted>> HandleAsync(Guid project, RunRequest request, CancellationToken cancel, Guid? id = null)
    {
        if (Problem(request) is { } invalid)
            return invalid;
        DatasetVersion? version = await db.VisibleVersions(project).AsNoTracking().SingleOrDefaultAsync(v => v.Number == request.Dataset, cancel);
        if (version is null)
            return HubError.NotFound($"Dataset version {request.Dataset}");
        if (version.State != DatasetState.Ready)
            return HubError.Conflict("not-ready", $"Dataset version {request.Dataset} is not ready; wait until it is, or choose another.");
        if (JobClasses.Problem(request.Task, version.Statistics!) is { } problem)
            return HubError.Invalid("dataset", problem);
        Trainer? trainer = request.Trainer is { } own ? await db.Set<Trainer>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == own && t.RetiredAt == null, cancel) : null;
        if (request.Trainer is not null && trainer is null)
            return HubError.Invalid("trainer", "This trainer is no longer offered. Choose another.");
        if (trainer is null && builtIn.Command is null)
            return HubError.Invalid("trainer", "The built-in trainer is not installed on this hub. Install it beside the hub, set Hub:Train:Command, or choose another trainer.");
        ModelVersion? parent = request.WarmStart is { } start ? await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == project && m.Number == start, cancel) : null;
        if (request.WarmStart is not null && (parent is null || parent.RetiredAt is not null))
            return HubError.Invalid("warmStart", $"Model {request.WarmStart} does not exist or its network was removed. Choose another to start from.");
        if (parent is not null && parent.Task != request.Task)
            return HubError.Invalid("warmStart", $"Model {request.WarmStart} answers another kind of question ({parent.Task}). Start from a model of the same kind, or from nothing.");

        Guid organization = await db.Set<DatasetOrganization>().Where(o => o.DatasetVersionId == version.Id).Select(o => o.OrganizationId).FirstAsync(cancel);
        RunStarted made = new(id ?? ids.Next(), 0);
        RunConfig config = new(request.Task, request.Steps is null ? request.Minutes : null, request.Steps, request.Seed ?? RandomNumberGenerator.GetInt32(1, int.MaxValue), request.UseReference, request.Parameters?.GetRawText());
        await turn.RunAsync(db, async () =>
        {
            made = made with { Number = 1 + (await db.Set<TrainingRun>().Where(r => r.ProjectId == project).MaxAsync(r => (int?)r.Number, cancel) ?? 0) };
            db.Add(new TrainingRun
            {
                Id = made.Id, ProjectId = project, Number = made.Number, Name = request.Name.Trim(), DatasetVersionId = version.Id, TrainerId = trainer?.Id, TrainerName = trainer?.Name ?? BuiltInTrainer.Name,
                WarmStartId = parent?.Id, Config = config, CreatedBy = access.Actor.Id, CreatedByName = access.Actor.Name, CreatedAt = time.GetUtcNow(),
            });
            await db.SaveChangesAsync(cancel);
            await queue.AddAsync(db, organization, WorkKinds.Training, made.Id, cancel);
        }, cancel);
        return made;
    }

    private static HubError? Problem(RunRequest request) => new Check()
        .Text(request.Name, "name", "The name", 200)
        .That(request.Steps is not null || request.Minutes is not null, "minutes", "Say how long to train: minutes, or a number of steps.")
        .That(request.Minutes is null or (> 0 and <= 10_080), "minutes", "A training takes more than 0 minutes and at most a week (10,080).")
        .That(request.Steps is null or (> 0 and <= 100_000_000), "steps", "The number of steps lies between 1 and 100,000,000.")
        .That(request.Parameters is null or { ValueKind: JsonValueKind.Object }, "parameters", "The trainer's parameters are a JSON object, such as {\"batch\": 16}.")
        .Error;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/runs", async (RunRequest request, StartRun handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), request, http.RequestAborted)).ToCreated(made => $"/api/v1/projects/{http.ProjectId()}/runs/{made.Number}"))
        .Requires(HubAction.TrainingRun).Produces<RunStarted>(StatusCodes.Status201Created).WithTags("Training").WithName("StartTrainingRun")
        .WithExample(new RunRequest("nightly", 3)).WithSummary("Starts a training on a dataset version, in the background.");
}
