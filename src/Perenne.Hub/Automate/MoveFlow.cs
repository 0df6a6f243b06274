using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Registry;
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

    /// <summary>
    /// For an effect that could come too late, such as naming the champion: inside its transaction the run must still be where its mover read it, and
    /// nobody else moves it before the effect is written. See <see cref="ChangeModel.GiveAsync"/>.
    /// </summary>
    public Func<Task<bool>> Holding(FlowRun run, CancellationToken cancel) => async () =>
        await db.Set<FlowRun>().Where(r => r.Id == run.Id && r.Moves == run.Moves && r.State == FlowState.Running).ExecuteUpdateAsync(set => set.SetProperty(r => r.Moves, r => r.Moves + 1), cancel) == 1;

    /// <summary>After an effect that held the run.</summary>
    /// <param name="done">Null or superseded: another hub has it. Another refusal ends the run.</param>
    /// <returns>True: the effect is there and the run is ours to move on.</returns>
    public async Task<bool> HeldAsync(FlowRun run, Result<Done>? done, FlowOutputs outputs, CancellationToken cancel)
    {
        if (done is { Succeeded: true })
        {
            run.Moves++;
            return true;
        }

        if (done?.Error is { } refused && refused.Code != ChangeModel.Superseded)
            await ToAsync(run, run.Stage, refused.Detail, outputs, FlowState.Failed, 0, cancel);
        return false;
    }

    /// <summary>A failed run goes on from its stage; what failed is made anew.</summary>
    public async Task<Result<Done>> RetryAsync(Guid project, Guid id, CancellationToken cancel)
    {
        FlowRun? run = await db.Set<FlowRun>().AsNoTracking().SingleOrDefaultAsync(r => r.ProjectId == project && r.Id == id, cancel);
        if (run is null)
            return HubError.NotFound("The run");
        if (run.State != FlowState.Failed)
            return Moved;
        db.Attach(run);
        run.Attempt++;
        return await ToAsync(run, run.Stage, "A person asked to go on.", run.Outputs, FlowState.Running, 0, cancel) ? default(Done) : Moved;
    }

    public static HubError Moved => HubError.Conflict("moved", "The run has moved on meanwhile. Look at its state now.");
}
