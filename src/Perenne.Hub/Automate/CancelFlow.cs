using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Train;

namespace Perenne.Hub.Automate;

/// <summary>
/// Ends a run for good: it takes no further step, what it ordered and what still runs is stopped, what it made stays. The stopping is repeated at
/// every tick of the loop, because a hub may die between the word and the deed, and a person may not see every organization of the rollout.
/// </summary>
internal sealed class CancelFlow(HubDbContext db, MoveFlow move, CancelDatasetVersion datasets, StopRun trainings, ManageRollouts rollouts, TimeProvider time)
{
    private static readonly TimeSpan Looked = TimeSpan.FromDays(1);

    public async Task<Result<Done>> HandleAsync(Guid project, Guid id, CancellationToken cancel)
    {
        FlowRun? run = await db.Set<FlowRun>().AsNoTracking().SingleOrDefaultAsync(r => r.ProjectId == project && r.Id == id, cancel);
        if (run is null)
            return HubError.NotFound("The run");
        if (run.State != FlowState.Running || !await move.ToAsync(run, run.Stage, "Cancelled by a person.", run.Outputs, FlowState.Cancelled, 0, cancel))
            return MoveFlow.Moved;
        await StopAsync(run, cancel);
        return default(Done);
    }

    public async Task SweepAsync(Guid project, CancellationToken cancel)
    {
        DateTimeOffset since = time.GetUtcNow() - Looked;
        foreach (FlowRun run in await db.Set<FlowRun>().AsNoTracking().Where(r => r.ProjectId == project && r.State == FlowState.Cancelled && r.EndedAt > since).ToListAsync(cancel))
            await StopAsync(run, cancel);
    }

    private async Task StopAsync(FlowRun run, CancellationToken cancel)
    {
        if (await db.Set<Rollout>().AnyAsync(r => r.Id == run.Id && (r.State == RolloutState.Running || r.State == RolloutState.Paused), cancel))
            await rollouts.SetAsync(run.ProjectId, run.Id, RolloutState.Stopped, cancel);
        Guid training = FlowEffects.IdOf(run, RetrainSteps.Training), dataset = FlowEffects.IdOf(run, RetrainSteps.Dataset);
        if (await db.Set<TrainingRun>().Where(r => r.Id == training && (r.State == RunState.Queued || r.State == RunState.Running)).Select(r => (int?)r.Number).SingleOrDefaultAsync(cancel) is { } number)
            await trainings.HandleAsync(run.ProjectId, number, cancel);
        if (await db.Set<DatasetVersion>().Where(v => v.Id == dataset && (v.State == DatasetState.Queued || v.State == DatasetState.Building)).Select(v => (int?)v.Number).SingleOrDefaultAsync(cancel) is { } version)
            await datasets.HandleAsync(run.ProjectId, version, cancel);
    }
}
