using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>Moves a run from the stage that its mover read: of two hubs that move at once, one finds itself too late and does nothing.</summary>
internal sealed class MoveFlow(HubDbContext db, TimeProvider time)
{
    private const int MostNotes = 200;

    /// <returns>False when somebody else moved it meanwhile.</returns>
    public async Task<bool> ToAsync(FlowRun run, string stage, string words, FlowOutputs outputs, FlowState state, double cost, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        db.Attach(run);
        (run.Stage, run.State, run.Outputs, run.CostSeconds) = (stage, state, outputs, run.CostSeconds + cost);
        run.Log = [.. run.Log.TakeLast(MostNotes - 1), new FlowNote(now, words)];
        run.EndedAt = state == FlowState.Running ? null : now;
        run.Moves++;
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    public Task<Result<Done>> CancelAsync(Guid project, Guid run, CancellationToken cancel) =>
        SetAsync(project, run, FlowState.Running, FlowState.Cancelled, "Cancelled by a person.", cancel);

    public Task<Result<Done>> RetryAsync(Guid project, Guid run, CancellationToken cancel) =>
        SetAsync(project, run, FlowState.Failed, FlowState.Running, "A person asked to go on.", cancel);

    private async Task<Result<Done>> SetAsync(Guid project, Guid id, FlowState from, FlowState to, string words, CancellationToken cancel)
    {
        FlowRun? run = await db.Set<FlowRun>().AsNoTracking().SingleOrDefaultAsync(r => r.ProjectId == project && r.Id == id, cancel);
        if (run is null)
            return HubError.NotFound("The run");
        if (run.State != from || !await ToAsync(run, run.Stage, words, run.Outputs, to, 0, cancel))
            return HubError.Conflict("moved", "The run has moved on meanwhile. Look at its state now.");
        return default(Done);
    }
}
