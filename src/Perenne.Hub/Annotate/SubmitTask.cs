using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Progress;
using Perenne.Hub.Share;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>
/// The person's answer. In one transaction: the revision becomes a submitted one, the slot is closed under its fence,
/// the task moves on when its last slot is closed, and the counters grow.
/// </summary>
internal sealed class SubmitTask(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time, LabelNames labels, TaskFlow flow, Counters counters, Facts facts)
{
    public async Task<Result<Saved>> HandleAsync(DecisionRequest request, CancellationToken cancel)
    {
        if (request.Problem() is { } problem)
            return problem;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Result<Assignment> found = await LeaseCheck.FindOwnAsync(db, access, request.AssignmentId, cancel);
        if (!found.Succeeded)
            return found.Error;
        Assignment assignment = found.Value;
        Annotation? annotation = await Drafts.FindAsync(db, assignment.TaskId, access.Actor.Id, cancel);
        if (annotation is not null && await db.Set<AppliedOperation>().AnyAsync(o => o.AnnotationId == annotation.Id && o.OperationId == request.Id, cancel))
            return new Saved(annotation.Revision);
        if (LeaseCheck.Lost(assignment, access.Actor.Id, request.Fence) is { } lost)
            return lost;
        if (annotation is null)
            return HubError.Invalid("verdict", "Nothing is marked. Draw a shape, give a tag, or say 'no defect'.");
        if (annotation.Revision != request.BaseRevision)
            return new RevisionConflict(annotation.Revision, annotation.Document);
        AnnotationDocument document = Answered(annotation.Document);
        if (document is { Shapes.IsEmpty: true, Tags.IsEmpty: true, Values.IsEmpty: true, Verdict: null })
            return HubError.Invalid("verdict", "Nothing is marked. Draw a shape, give a tag, or say 'no defect'.");
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == assignment.CampaignId, cancel);
        if (ImageValueRule.Missing(campaign.Rules.Values ?? [], document) is { } missing)
            return HubError.Invalid("values", missing);
        if (campaign.Rules.NotAskedFor(document, await labels.AskedForAsync(campaign, cancel)) is { } unasked)
            return HubError.Invalid("document", unasked);
        if (DocumentCheck.Problems(document, await labels.UsableAsync(annotation.ProjectId, cancel)).FirstOrDefault() is { } wrong)
            return HubError.Invalid("document", wrong);

        DateTimeOffset now = time.GetUtcNow();
        AnnotationRevision revision = Append(annotation, document, request.Id, now);
        assignment.State = AssignmentState.Submitted;
        assignment.ActiveMilliseconds += ActiveTime.Of(request.ActiveMilliseconds, assignment, now);
        assignment.SubmittedAt = now;
        assignment.LeaseExpiresAt = null;
        try
        {
            await db.SaveChangesAsync(cancel);
            await flow.SubmittedAsync(assignment, annotation, revision, now, cancel);
            await counters.SubmittedAsync(assignment, now, cancel);
            if (assignment.Task!.GoldTruthId is null)
                await facts.SubmittedAsync(assignment, annotation, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception failure) when (failure is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(failure))
        {
            return HubError.Conflict("busy", "Another save of this task was under way. Send the decision again; it is applied once.");
        }

        return new Saved(annotation.Revision);
    }

    // Shapes answer the question; without any, only the person can.
    private static AnnotationDocument Answered(AnnotationDocument document) =>
        document is { Verdict: null, Shapes.IsEmpty: false } ? document with { Verdict = ImageVerdict.Defects } : document;

    private AnnotationRevision Append(Annotation annotation, AnnotationDocument document, string decision, DateTimeOffset now)
    {
        annotation.Revision++;
        annotation.Document = document;
        annotation.ChangedAt = now;
        AnnotationRevision revision = new()
        {
            Id = ids.Next(),
            OrganizationId = annotation.OrganizationId,
            AnnotationId = annotation.Id,
            Number = annotation.Revision,
            Kind = RevisionKind.Submitted,
            MadeBy = access.Actor.Id,
            At = now,
            Document = document,
        };
        db.Add(revision);
        db.Add(new AppliedOperation { AnnotationId = annotation.Id, OperationId = decision, OrganizationId = annotation.OrganizationId, Revision = annotation.Revision });
        return revision;
    }
}
