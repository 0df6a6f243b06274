using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

internal sealed record SkipRequest(DecisionRequest Decision, SkipReason Reason, string? Text);

/// <summary>"This cannot be annotated", with a coded reason. After as many skips as the rules ask for, the image counts as not annotatable.</summary>
internal sealed class SkipTask(HubDbContext db, CurrentAccess access, TimeProvider time, TaskFlow flow, Counters counters)
{
    public async Task<Result<Saved>> HandleAsync(SkipRequest request, CancellationToken cancel)
    {
        if (request.Decision.Problem() is { } problem)
            return problem;
        if (request.Text?.Length > 500)
            return HubError.Invalid("text", "The reason in words has at most 500 characters.");
        if (request.Reason == SkipReason.Other && string.IsNullOrWhiteSpace(request.Text))
            return HubError.Invalid("text", "Say in a few words why this image cannot be annotated.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Result<Assignment> found = await LeaseCheck.FindOwnAsync(db, access, request.Decision.AssignmentId, cancel);
        if (!found.Succeeded)
            return found.Error;
        Assignment assignment = found.Value;
        if (assignment.State == AssignmentState.Skipped && assignment.PersonId == access.Actor.Id && assignment.Fence == request.Decision.Fence)
            return new Saved(request.Decision.BaseRevision); // The retry of a skip that arrived.
        if (LeaseCheck.Lost(assignment, access.Actor.Id, request.Decision.Fence) is { } lost)
            return lost;

        DateTimeOffset now = time.GetUtcNow();
        assignment.State = AssignmentState.Skipped;
        assignment.SkipReason = request.Reason;
        assignment.SkipText = request.Text;
        assignment.ActiveMilliseconds += ActiveTime.Of(request.Decision.ActiveMilliseconds, assignment, now);
        assignment.SubmittedAt = now;
        assignment.LeaseExpiresAt = null;
        try
        {
            await db.SaveChangesAsync(cancel);
            await flow.SkippedAsync(assignment, now, cancel);
            await counters.SkippedAsync(assignment, now, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return HubError.Conflict("busy", "Another save of this task was under way. Send the decision again.");
        }

        return new Saved(request.Decision.BaseRevision);
    }
}
