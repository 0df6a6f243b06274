using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>The lease passed to somebody else, expired and was taken, or the work is already submitted.</summary>
internal sealed record LeaseLost(string Sentence) : HubError("lease-lost", StatusCodes.Status409Conflict, Sentence);

/// <summary>Somebody (another tab, a reviewer) saved in between; the client lays its operations on top and tries again.</summary>
internal sealed record RevisionConflict(int Revision, Contracts.Annotation.AnnotationDocument Document)
    : HubError("revision-conflict", StatusCodes.Status409Conflict, "This annotation was saved from another place in between. Both are kept: your changes are laid on top of the newer state.");

internal static class LeaseCheck
{
    /// <summary>The assignment with its task when this person has it or had it; fails with a sentence otherwise.</summary>
    public static async Task<Result<Assignment>> FindOwnAsync(HubDbContext db, CurrentAccess access, Guid assignmentId, CancellationToken cancel)
    {
        Assignment? assignment = await db.Set<Assignment>().Include(a => a.Task).SingleOrDefaultAsync(
            a => a.Id == assignmentId && db.Set<Campaign>().Any(c => c.Id == a.CampaignId && c.ProjectId == access.ProjectId), cancel);
        return assignment is null ? HubError.NotFound("The task") : assignment;
    }

    /// <summary>Null while the lease is this person's; an expired one that nobody took is still theirs.</summary>
    public static LeaseLost? Lost(Assignment assignment, Guid person, long fence)
    {
        if (assignment.PersonId == person && assignment.State == AssignmentState.Leased && assignment.Fence == fence)
            return null;
        return assignment.State switch
        {
            AssignmentState.Submitted when assignment.PersonId == person => new("You have submitted this task already. What you changed since is kept as your draft."),
            AssignmentState.Skipped when assignment.PersonId == person => new("You have skipped this task. What you changed since is kept as your draft."),
            _ when assignment.PersonId == person => new("You took this task again in another place, which holds it now. Your work here is kept as your draft."),
            _ => new("This task was given to somebody else after a long pause. Your work is kept as your draft."),
        };
    }
}
