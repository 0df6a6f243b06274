using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="Fence">That of the lease under which the operations were made.</param>
/// <param name="BaseRevision">The revision they were made on; 0 before the first save.</param>
internal sealed record SaveRequest(Guid AssignmentId, long Fence, int BaseRevision, ImmutableArray<Operation> Operations);

/// <param name="LeaseLost">Null while the lease holds; otherwise the sentence for the person. The work is kept either way.</param>
internal sealed record Saved(int Revision, string? LeaseLost = null);

/// <summary>
/// Autosave. An annotation belongs to its author, so saving never touches another person's work, whatever happened to the lease:
/// operations are applied once each, on the revision they were made on, and a lost lease only means that the result stays a draft.
/// </summary>
internal sealed class SaveTask(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time, LabelNames labels)
{
    public const int MaxOperations = 5_000;

    public async Task<Result<Saved>> HandleAsync(SaveRequest request, CancellationToken cancel)
    {
        if (request.Operations.IsDefault || request.Operations.Length > MaxOperations)
            return HubError.Invalid("operations", $"Between 0 and {MaxOperations} operations are saved at once.");
        if (request.Operations.FirstOrDefault(o => string.IsNullOrEmpty(o.Id) || o.Id.Length > 64 || o.Changes.IsDefault) is { } broken)
            return HubError.Invalid("operations", $"The operation '{broken.Id}' has no id of 1 to 64 characters, or no changes.");

        await db.Database.OpenConnectionAsync(cancel); // Kept for all statements: on PostgreSQL every opening costs the one that sets the scope.
        Result<Assignment> found = await LeaseCheck.FindOwnAsync(db, access, request.AssignmentId, cancel);
        if (!found.Succeeded)
            return found.Error;
        Assignment assignment = found.Value;
        LeaseLost? lost = LeaseCheck.Lost(assignment, access.Actor.Id, request.Fence);
        Annotation? annotation = await Drafts.FindAsync(db, assignment.TaskId, access.Actor.Id, cancel);
        if (annotation is null && lost is not null && request.Fence >= assignment.Fence)
            return HubError.Forbidden("This task was never yours. Ask for the next one.");
        annotation ??= await Drafts.StartAsync(db, ids, time, assignment, access.Actor.Id, cancel);

        string[] sent = [.. request.Operations.Select(o => o.Id)];
        HashSet<string> known = [.. await db.Set<AppliedOperation>()
            .Where(o => o.AnnotationId == annotation.Id && sent.Contains(o.OperationId)).Select(o => o.OperationId).ToListAsync(cancel)];
        ImmutableArray<Operation> fresh = [.. request.Operations.Where(o => !known.Contains(o.Id)).DistinctBy(o => o.Id)];
        if (fresh.IsEmpty)
            return new Saved(annotation.Revision, lost?.Sentence);
        if (annotation.Revision != request.BaseRevision)
            return new RevisionConflict(annotation.Revision, annotation.Document);

        AnnotationDocument document = annotation.Document.Apply(fresh);
        if (DocumentCheck.Problems(document, await labels.UsableAsync(annotation.ProjectId, cancel)).FirstOrDefault() is { } problem)
            return HubError.Invalid("operations", problem);
        Append(annotation, assignment, document, fresh, lost is null);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (failure is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(failure))
        {
            db.ChangeTracker.Clear();
            Annotation now = (await Drafts.FindAsync(db, assignment.TaskId, access.Actor.Id, cancel))!;
            return new RevisionConflict(now.Revision, now.Document);
        }

        return new Saved(annotation.Revision, lost?.Sentence);
    }

    private void Append(Annotation annotation, Assignment assignment, AnnotationDocument document, ImmutableArray<Operation> fresh, bool holdsLease)
    {
        DateTimeOffset now = time.GetUtcNow();
        annotation.Revision++;
        annotation.Document = document;
        annotation.Shapes = document.Shapes.Length;
        annotation.ChangedAt = now;
        db.Add(new AnnotationRevision
        {
            Id = ids.Next(),
            OrganizationId = annotation.OrganizationId,
            AnnotationId = annotation.Id,
            Number = annotation.Revision,
            Kind = RevisionKind.Draft,
            MadeBy = access.Actor.Id,
            At = now,
            Operations = JsonSerializer.Serialize(fresh, AnnotationJson.Options),
        });
        foreach (Operation operation in fresh)
        {
            db.Add(new AppliedOperation
            {
                AnnotationId = annotation.Id,
                OperationId = operation.Id,
                OrganizationId = annotation.OrganizationId,
                Revision = annotation.Revision,
            });
        }

        if (!holdsLease)
            return;
        assignment.ActiveMilliseconds += ActiveTime.Of(fresh.Sum(o => o.ActiveMilliseconds), assignment, now);
        assignment.LeaseExpiresAt = now + (assignment.LeaseExpiresAt - assignment.LeasedAt);
        assignment.LeasedAt = now;
    }
}
