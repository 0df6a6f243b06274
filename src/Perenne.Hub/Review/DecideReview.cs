using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Progress;
using Perenne.Hub.Share;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Review;

/// <param name="Id">The client's id of this decision.</param>
/// <param name="BaseRevision">The revision the reviewer saw.</param>
/// <param name="Comments">Of a rejection: what to change, pinned on the image.</param>
internal sealed record ReviewDecision(string Id, int BaseRevision, IReadOnlyList<PinnedComment>? Comments = null);

/// <summary>
/// Accept (with or without fixes) or reject. In one transaction: the record, the author's counters, and the task's next state. When the last
/// answer of an image is accepted, its ground truth is made; a rejected one goes back to its author before anybody else.
/// </summary>
internal sealed class DecideReview(
    HubDbContext db, CurrentAccess access, ReviewAccess reviews, FixAnswer fixes, IdSource ids, TimeProvider time, TaskFlow flow, GroundTruths truths, Counters counters, Facts facts)
{
    public async Task<Result<Saved>> HandleAsync(Guid project, Guid assignmentId, bool accept, ReviewDecision decision, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(decision.Id) || decision.Id.Length > 64)
            return HubError.Invalid("id", "A decision needs an id of 1 to 64 characters, made by the client, so that a retry does no harm.");
        IReadOnlyList<PinnedComment> comments = decision.Comments ?? [];
        if (!accept && comments.All(c => string.IsNullOrWhiteSpace(c.Text)))
            return HubError.Invalid("comments", "Say what to change: a rejection carries at least one comment.");
        if (comments.Count > 100 || comments.Any(c => c.Text.Length > 2000 || c.At.Count != 2))
            return HubError.Invalid("comments", "At most 100 comments of at most 2,000 characters, each pinned at [x, y].");

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Set<ReviewRecord>().AsNoTracking().SingleOrDefaultAsync(r => r.AssignmentId == assignmentId && r.DecisionId == decision.Id, cancel) is { } earlier)
            return new Saved(earlier.Made); // The retry of a decision that arrived.
        Result<UnderReview> found = await reviews.LoadAsync(project, assignmentId, holds: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        (Assignment assignment, Annotation annotation, AnnotationRevision submitted) = found.Value;
        if (annotation.Revision != decision.BaseRevision)
            return new RevisionConflict(annotation.Revision, annotation.Document);

        DateTimeOffset now = time.GetUtcNow();
        ReviewVerdict verdict = !accept ? ReviewVerdict.Rejected : annotation.Document.Equals(submitted.Document) ? ReviewVerdict.Accepted : ReviewVerdict.Fixed;
        if (accept)
            assignment.ReviewVerdict = verdict;
        else
            SendBack(assignment, annotation, submitted);
        (assignment.ReviewerId, assignment.ReviewUntil) = (null, null);
        db.Add(Record(assignment, annotation, submitted, verdict, decision.Id, comments, now));
        try
        {
            await db.SaveChangesAsync(cancel);
            await counters.ReviewedAsync(assignment, verdict, now, cancel);
            await facts.ReviewedAsync(assignment, annotation, verdict, cancel);
            if (accept)
                await FinishAsync(project, assignment, now, cancel);
            else
                await flow.ReturnedAsync(assignment, project, now, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception failure) when (failure is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(failure))
        {
            return HubError.Conflict("busy", "Another decision on this answer was under way. Send it again; it is applied once.");
        }

        return new Saved(annotation.Revision);
    }

    // The author finds their own answer again, not half of a reviewer's edits.
    private void SendBack(Assignment assignment, Annotation annotation, AnnotationRevision submitted)
    {
        if (!annotation.Document.Equals(submitted.Document))
            fixes.Revise(annotation, submitted.Document!, RevisionKind.Restored, null);
        assignment.State = AssignmentState.Returned;
        assignment.Fence++;
        assignment.CountedMilliseconds = assignment.ActiveMilliseconds;
        assignment.SubmittedAt = null;
    }

    private async Task FinishAsync(Guid project, Assignment assignment, DateTimeOffset now, CancellationToken cancel)
    {
        Guid taskId = assignment.TaskId;
        var answers = await (from slot in db.Set<Assignment>()
                             where slot.TaskId == taskId && slot.State == AssignmentState.Submitted
                             join answer in db.Set<Annotation>() on new { slot.TaskId, slot.PersonId } equals new { TaskId = answer.TaskId!.Value, PersonId = answer.AuthorId }
                             orderby slot.Slot
                             select new { answer.Id, answer.Document, slot.ReviewVerdict }).AsNoTracking().ToListAsync(cancel);
        if (answers.Any(a => a.ReviewVerdict is null))
            return; // The other answers to this image still wait for their review.
        bool corrected = answers.Any(a => a.ReviewVerdict == ReviewVerdict.Fixed);
        AnnotationDocument document = answers.Count > 1 ? Consensus.Of([.. answers.Select(a => a.Document)]) : answers[0].Document;
        TruthSource source = corrected ? TruthSource.Fixed : answers.Count > 1 ? TruthSource.Consensus : TruthSource.Accepted;
        await flow.MoveAsync(assignment.Task!, TaskState.Done, now, cancel);
        await truths.DecideAsync(assignment.Task!, project, source, document, [.. answers.Select(a => a.Id)], access.Actor.Id, now, cancel);
    }

    private ReviewRecord Record(
        Assignment assignment, Annotation annotation, AnnotationRevision submitted, ReviewVerdict verdict, string decision, IReadOnlyList<PinnedComment> comments, DateTimeOffset now) => new()
        {
            Id = ids.Next(),
            OrganizationId = assignment.OrganizationId,
            CampaignId = assignment.CampaignId,
            AssignmentId = assignment.Id,
            AnnotationId = annotation.Id,
            ReviewerId = access.Actor.Id,
            DecisionId = decision,
            Verdict = verdict,
            Reviewed = submitted.Number,
            Made = annotation.Revision,
            Comments = comments,
            At = now,
        };
}
