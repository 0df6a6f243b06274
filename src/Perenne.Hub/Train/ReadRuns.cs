using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Train;

internal sealed record RunRow(
    Guid Id, int Number, string Name, RunState State, string Trainer, int Dataset, RunConfig Config, double? Share, double? RemainingSeconds, double? Loss, int? Model,
    string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

internal sealed record RunDetail(RunRow Run, RunProgress Progress, string Log, string Remarks, string? Failure, string? Node, int Resumes, int? WarmStart, IReadOnlyList<string> Classes);

internal static class VisibleTraining
{
    /// <summary>Runs on dataset versions that the caller sees: their log and pictures may show images.</summary>
    public static IQueryable<TrainingRun> VisibleRuns(this HubDbContext db, Guid project) =>
        db.Set<TrainingRun>().Where(r => r.ProjectId == project && db.VisibleVersions(project).Any(v => v.Id == r.DatasetVersionId));
}

/// <summary>Trainings and how far they are.</summary>
internal sealed class ReadRuns(HubDbContext db)
{
    private const int MostListed = 300;

    public async Task<IReadOnlyList<RunRow>> ListAsync(Guid project, CancellationToken cancel)
    {
        List<TrainingRun> runs = await db.VisibleRuns(project).AsNoTracking().OrderByDescending(r => r.Number).Take(MostListed).ToListAsync(cancel);
        return await RowsAsync(project, runs, cancel);
    }

    public async Task<Result<RunDetail>> GetAsync(Guid project, int number, CancellationToken cancel)
    {
        if (await db.VisibleRuns(project).AsNoTracking().SingleOrDefaultAsync(r => r.Number == number, cancel) is not { } run)
            return HubError.NotFound($"Run {number}");
        int? parent = await db.Set<ModelVersion>().Where(m => m.Id == run.WarmStartId).Select(m => (int?)m.Number).SingleOrDefaultAsync(cancel);
        return new RunDetail((await RowsAsync(project, [run], cancel))[0], run.Progress, run.Log, run.Remarks, run.Failure, run.Node, run.Resumes, parent, await ClassesAsync(run, cancel));
    }

    /// <summary>Widths and heights of the images that a run's answers are about; of those the caller may see.</summary>
    public async Task<IReadOnlyDictionary<string, (int Width, int Height)>> SizesAsync(Guid project, IReadOnlyList<string> images, CancellationToken cancel)
    {
        Guid[] ids = [.. images.Select(i => Guid.TryParse(i, out Guid id) ? id : Guid.Empty)];
        return await db.Set<Collect.Image>().Where(i => i.ProjectId == project && ids.Contains(i.Id)).ToDictionaryAsync(i => i.Id.ToString(), i => (i.Width, i.Height), cancel);
    }

    // As the trainer was given them, in its order.
    private async Task<IReadOnlyList<string>> ClassesAsync(TrainingRun run, CancellationToken cancel)
    {
        DatasetVersion version = await db.Set<DatasetVersion>().AsNoTracking().SingleAsync(v => v.Id == run.DatasetVersionId, cancel);
        return version.Statistics is { } statistics ? [.. JobClasses.For(run.Config.Task, statistics).Classes.Select(c => c.Name)] : [];
    }

    private async Task<IReadOnlyList<RunRow>> RowsAsync(Guid project, List<TrainingRun> runs, CancellationToken cancel)
    {
        Guid[] sets = [.. runs.Select(r => r.DatasetVersionId).Distinct()];
        Guid?[] ids = [.. runs.Select(r => (Guid?)r.Id)];
        Dictionary<Guid, int> datasets = await db.Set<DatasetVersion>().Where(v => sets.Contains(v.Id)).ToDictionaryAsync(v => v.Id, v => v.Number, cancel);
        Dictionary<Guid, int> models = await db.Set<ModelVersion>().Where(m => m.ProjectId == project && ids.Contains(m.RunId)).ToDictionaryAsync(m => m.RunId!.Value, m => m.Number, cancel);
        return [.. runs.Select(r => new RunRow(r.Id, r.Number, r.Name, r.State, r.TrainerName, datasets[r.DatasetVersionId], r.Config, r.Progress.Share, r.Progress.Last.RemainingSeconds, r.Progress.Last.Loss,
            models.TryGetValue(r.Id, out int model) ? model : null, r.CreatedByName, r.CreatedAt, r.StartedAt, r.FinishedAt))];
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/runs").WithTags("Training");
        group.MapGet("", async (ReadRuns handler, HttpContext http) => TypedResults.Ok(await handler.ListAsync(http.ProjectId(), http.RequestAborted)))
            .Requires(HubAction.TrainingRead).WithName("ListTrainingRuns").WithSummary("The project's trainings, newest first.");
        group.MapGet("/{number:int}", async (int number, ReadRuns handler, HttpContext http) => (await handler.GetAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
            .Requires(HubAction.TrainingRead).Produces<RunDetail>().WithName("GetTrainingRun").WithSummary("One training: progress, curve, log, and why it failed.");
    }
}
