using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Review;

/// <param name="Submitted">The author's own revision, which stands whatever a reviewer does.</param>
internal sealed record UnderReview(Assignment Assignment, Annotation Annotation, AnnotationRevision Submitted);

/// <summary>Loads an answer for its reviewer. The server is the one that knows who annotated the image: the rule is enforced here.</summary>
internal sealed class ReviewAccess(HubDbContext db, CurrentAccess access)
{
    public async Task<Result<UnderReview>> LoadAsync(Guid project, Guid assignmentId, bool holds, CancellationToken cancel)
    {
        Guid me = access.Actor.Id;
        Assignment? assignment = await db.Set<Assignment>().Include(a => a.Task)
            .SingleOrDefaultAsync(a => a.Id == assignmentId && db.Set<Campaign>().Any(c => c.Id == a.CampaignId && c.ProjectId == project), cancel);
        if (assignment?.PersonId is not { } author || await Drafts.FindAsync(db, assignment.TaskId, author, cancel) is not { } annotation)
            return HubError.NotFound("The answer to review");
        if (await db.Set<Assignment>().AnyAsync(a => a.TaskId == assignment.TaskId && a.PersonId == me, cancel))
            return HubError.Forbidden("You annotated this image yourself, so somebody else reviews it.");
        if (holds && (assignment.ReviewerId != me || assignment.State != AssignmentState.Submitted || assignment.ReviewVerdict is not null))
            return new LeaseLost("This answer is not in your hands any more: somebody else reviewed it, or it went back to its author. Nothing of it was changed.");
        AnnotationRevision? submitted = await db.Set<AnnotationRevision>().AsNoTracking()
            .Where(r => r.AnnotationId == annotation.Id && r.Kind == RevisionKind.Submitted).OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancel);
        return submitted is null ? HubError.NotFound("The answer to review") : new UnderReview(assignment, annotation, submitted);
    }
}
