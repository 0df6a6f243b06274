using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree.Adjudicate;

/// <summary>What an adjudicator picks and corrects, saved as it is made: a draft of their own, beside the answers, which it never changes.</summary>
internal sealed class SaveAdjudication(HubDbContext db, CurrentAccess access, AdjudicationAccess disputes, IdSource ids, TimeProvider time, LabelNames labels)
{
    public async Task<Result<Saved>> HandleAsync(Guid project, Guid task, int baseRevision, ImmutableArray<Operation> operations, CancellationToken cancel)
    {
        if (operations.IsDefault || operations.Length > SaveTask.MaxOperations || operations.Any(o => string.IsNullOrEmpty(o.Id) || o.Id.Length > 64 || o.Changes.IsDefault))
            return HubError.Invalid("operations", $"Up to {SaveTask.MaxOperations} operations are saved at once, each with an id of 1 to 64 characters and its changes.");
        Result<Disputed> found = await disputes.LoadAsync(project, task, decides: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        Annotation draft = found.Value.Draft ?? Start(found.Value);
        string[] sent = [.. operations.Select(o => o.Id)];
        HashSet<string> known = [.. await db.Set<AppliedOperation>().Where(o => o.AnnotationId == draft.Id && sent.Contains(o.OperationId)).Select(o => o.OperationId).ToListAsync(cancel)];
        ImmutableArray<Operation> fresh = [.. operations.Where(o => !known.Contains(o.Id)).DistinctBy(o => o.Id)];
        if (fresh.IsEmpty)
            return new Saved(draft.Revision);
        if (draft.Revision != baseRevision)
            return new RevisionConflict(draft.Revision, draft.Document);
        AnnotationDocument document = draft.Document.Apply(fresh);
        if (DocumentCheck.Problems(document, await labels.UsableAsync(project, cancel)).FirstOrDefault() is { } problem)
            return HubError.Invalid("operations", problem);
        Append(draft, document, RevisionKind.Draft, JsonSerializer.Serialize(fresh, AnnotationJson.Options), [.. fresh.Select(o => o.Id)]);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (failure is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(failure))
        {
            return HubError.Conflict("busy", "Another save of this decision was under way. Send it again; it is applied once.");
        }

        return new Saved(draft.Revision);
    }

    public Annotation Start(Disputed dispute)
    {
        DateTimeOffset now = time.GetUtcNow();
        Annotation draft = new()
        {
            Id = ids.Next(),
            OrganizationId = dispute.Task.OrganizationId,
            ProjectId = dispute.Campaign.ProjectId,
            ImageId = dispute.Task.ImageId,
            TaskId = dispute.Task.Id,
            Source = AnnotationSource.Consensus,
            AuthorId = access.Actor.Id,
            Document = AnnotationDocument.Empty,
            CreatedAt = now,
            ChangedAt = now,
        };
        db.Add(draft);
        return draft;
    }

    public void Append(Annotation draft, AnnotationDocument document, RevisionKind kind, string? operations, IReadOnlyList<string> applied)
    {
        draft.Revision++;
        (draft.Document, draft.Shapes, draft.ChangedAt) = (document, document.Shapes.Length, time.GetUtcNow());
        db.Add(new AnnotationRevision
        {
            Id = ids.Next(),
            OrganizationId = draft.OrganizationId,
            AnnotationId = draft.Id,
            Number = draft.Revision,
            Kind = kind,
            MadeBy = access.Actor.Id,
            At = draft.ChangedAt,
            Operations = operations,
            Document = kind == RevisionKind.Draft ? null : document,
        });
        foreach (string id in applied)
            db.Add(new AppliedOperation { AnnotationId = draft.Id, OperationId = id, OrganizationId = draft.OrganizationId, Revision = draft.Revision });
    }
}
