using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree.Adjudicate;

/// <param name="Id">The client's id of this decision: its retry changes nothing.</param>
/// <param name="BaseRevision">That of the adjudicator's draft.</param>
internal sealed record AdjudicationDecision(string Id, int BaseRevision);

/// <summary>The adjudicator's draft becomes the image's ground truth; what stood before stays in its history.</summary>
internal sealed class DecideAdjudication(
    HubDbContext db, CurrentAccess access, AdjudicationAccess disputes, SaveAdjudication drafts, TimeProvider time, TaskFlow flow, GroundTruths truths, LabelNames labels)
{
    public async Task<Result<Saved>> HandleAsync(Guid project, Guid taskId, AdjudicationDecision decision, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(decision.Id) || decision.Id.Length > 64)
            return HubError.Invalid("id", "A decision needs an id of 1 to 64 characters, made by the client, so that a retry does no harm.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Result<Disputed> found = await disputes.LoadAsync(project, taskId, decides: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        (AnnotationTask task, Campaign campaign, Annotation? draft) = found.Value;
        if (draft is not null && await db.Set<AppliedOperation>().AnyAsync(o => o.AnnotationId == draft.Id && o.OperationId == decision.Id, cancel))
            return new Saved(draft.Revision); // The retry of a decision that arrived.
        if (draft is null)
            return HubError.Invalid("verdict", "Nothing is picked. Pick or draw a shape, or say 'no defect'.");
        if (draft.Revision != decision.BaseRevision)
            return new RevisionConflict(draft.Revision, draft.Document);
        if (HeldByOther(task) is { } other)
            return other;
        AnnotationDocument document = draft.Document is { Verdict: null, Shapes.IsEmpty: false } ? draft.Document with { Verdict = ImageVerdict.Defects } : draft.Document;
        if (document is { Shapes.IsEmpty: true, Tags.IsEmpty: true, Values.IsEmpty: true, Verdict: null })
            return HubError.Invalid("verdict", "Nothing is picked. Pick or draw a shape, or say 'no defect'.");
        if (DocumentCheck.Problems(document, await labels.UsableAsync(project, cancel)).FirstOrDefault() is { } wrong)
            return HubError.Invalid("document", wrong);
        if (await NotAskedForAsync(campaign, taskId, document, cancel) is { } unasked)
            return HubError.Invalid("document", unasked);
        return await FinishAsync(task, campaign, draft, document, decision, transaction, cancel);
    }

    // Of what the adjudicator adds: what the answers hold counted when it was submitted, and may be picked.
    private async Task<string?> NotAskedForAsync(Campaign campaign, Guid task, AnnotationDocument document, CancellationToken cancel)
    {
        if (campaign.Rules is not ({ Kinds.Count: > 0 } or { Classes.Count: > 0 }))
            return null;
        List<SubmittedAnswer> answers = await TaskAnswers.ReadAsync(db, [task], cancel);
        HashSet<(string, string)> given = [.. answers.SelectMany(a => a.Document.Shapes).Select(s => (s.Kind, s.Label))];
        AnnotationDocument own = document with
        {
            Shapes = [.. document.Shapes.Where(s => !given.Contains((s.Kind, s.Label)))],
            Tags = [.. document.Tags.Except(answers.SelectMany(a => a.Document.Tags))],
        };
        return campaign.Rules.NotAskedFor(own, await labels.AskedForAsync(campaign, cancel));
    }

    private LeaseLost? HeldByOther(AnnotationTask task) => task.HeldBy is { } holder && holder != access.Actor.Id && task.HeldUntil > time.GetUtcNow()
        ? new("Somebody else is deciding this image at the moment. What you picked is kept as your draft.")
        : null;

    private async Task<Result<Saved>> FinishAsync(
        AnnotationTask task, Campaign campaign, Annotation draft, AnnotationDocument document, AdjudicationDecision decision,
        Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        drafts.Append(draft, document, RevisionKind.Consensus, null, [decision.Id]);
        try
        {
            await db.SaveChangesAsync(cancel);
            await flow.MoveAsync(task, TaskState.Done, now, cancel);
            await db.Set<AnnotationTask>().Where(t => t.Id == task.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.HeldBy, (Guid?)null).SetProperty(t => t.HeldUntil, (DateTimeOffset?)null), cancel);
            Guid[] from = [.. (await TaskAnswers.ReadAsync(db, [task.Id], cancel)).Select(a => a.AnnotationId), draft.Id];
            await truths.DecideAsync(task, campaign.ProjectId, TruthSource.Adjudicated, document, from, access.Actor.Id, now, cancel);
            await db.Set<AgreementItem>().Where(i => i.TaskId == task.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.IsSettled, true), cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception failure) when (failure is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(failure))
        {
            return HubError.Conflict("busy", "Another decision about this image was under way. Send it again; it is applied once.");
        }

        return new Saved(draft.Revision);
    }
}
