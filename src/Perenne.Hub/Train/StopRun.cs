using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Train;

/// <summary>Asks a run to stop. A waiting one is cancelled at once, a running one within seconds by the hub that has it.</summary>
internal sealed class StopRun(HubDbContext db, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(Guid project, int number, CancellationToken cancel)
    {
        IQueryable<TrainingRun> run = db.VisibleRuns(project).Where(r => r.Number == number);
        DateTimeOffset now = time.GetUtcNow();
        int done = await run.Where(r => r.State == RunState.Queued).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Cancelled).SetProperty(r => r.FinishedAt, now), cancel);
        if (done == 0)
            done = await run.Where(r => r.State == RunState.Running || r.State == RunState.Stopping).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Stopping), cancel);
        if (done == 1)
            return new Done();
        return await run.AnyAsync(cancel) ? HubError.Conflict("finished", $"Run {number} is over already; there is nothing to stop.") : HubError.NotFound($"Run {number}");
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/runs/{number:int}/stop", async (int number, StopRun handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
        .Requires(HubAction.TrainingRun).Produces(StatusCodes.Status204NoContent).WithTags("Training").WithName("StopTrainingRun").WithSummary("Stops a training; nothing of it is kept.");
}
