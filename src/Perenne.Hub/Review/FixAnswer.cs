using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Review;

/// <summary>A reviewer's edits, saved as they are made: revisions of their own on top of the author's, once each.</summary>
internal sealed class FixAnswer(HubDbContext db, CurrentAccess access, ReviewAccess reviews, IdSource ids, TimeProvider time, LabelNames labels)
{
    public async Task<Result<Saved>> HandleAsync(Guid project, Guid assignment, int baseRevision, ImmutableArray<Operation> operations, CancellationToken cancel)
    {
        if (operations.IsDefault || operations.Length > SaveTask.MaxOperations || operations.Any(o => string.IsNullOrEmpty(o.Id) || o.Id.Length > 64 || o.Changes.IsDefault))
            return HubError.Invalid("operations", $"Up to {SaveTask.MaxOperations} operations are saved at once, each with an id of 1 to 64 characters and its changes.");
        Result<UnderReview> found = await reviews.LoadAsync(project, assignment, holds: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        Annotation annotation = found.Value.Annotation;
        string[] sent = [.. operations.Select(o => o.Id)];
        HashSet<string> known = [.. await db.Set<AppliedOperation>().Where(o => o.AnnotationId == annotation.Id && sent.Contains(o.OperationId)).Select(o => o.OperationId).ToListAsync(cancel)];
        ImmutableArray<Operation> fresh = [.. operations.Where(o => !known.Contains(o.Id)).DistinctBy(o => o.Id)];
        if (fresh.IsEmpty)
            return new Saved(annotation.Revision);
        if (annotation.Revision != baseRevision)
            return new RevisionConflict(annotation.Revision, annotation.Document);
        AnnotationDocument document = annotation.Document.Apply(fresh);
        if (DocumentCheck.Problems(document, await labels.UsableAsync(project, cancel)).FirstOrDefault() is { } problem)
            return HubError.Invalid("operations", problem);
        if (await NotAskedForAsync(found.Value.Assignment.CampaignId, annotation.Document, document, cancel) is { } unasked)
            return HubError.Invalid("operations", unasked);

        Revise(annotation, document, RevisionKind.Fixed, JsonSerializer.Serialize(fresh, AnnotationJson.Options));
        foreach (Operation operation in fresh)
            db.Add(new AppliedOperation { AnnotationId = annotation.Id, OperationId = operation.Id, OrganizationId = annotation.OrganizationId, Revision = annotation.Revision });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (Exception failure) when (failure is DbUpdateConcurrencyException || DbErrors.IsUniqueViolation(failure))
        {
            return HubError.Conflict("busy", "Another save of this answer was under way. Send it again; it is applied once.");
        }

        return new Saved(annotation.Revision);
    }

    // Of what the reviewer adds or changes: what stood before the campaign's rules were changed may stay.
    private async Task<string?> NotAskedForAsync(Guid campaignId, AnnotationDocument before, AnnotationDocument after, CancellationToken cancel)
    {
        AnnotationDocument mine = after with { Shapes = [.. after.Shapes.Except(before.Shapes)], Tags = [.. after.Tags.Except(before.Tags)] };
        if (mine.Shapes.IsEmpty && mine.Tags.IsEmpty)
            return null;
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == campaignId, cancel);
        return campaign.Rules.NotAskedFor(mine, await labels.AskedForAsync(campaign, cancel));
    }

    /// <summary>The author of the annotation stays; who made this step is in the revision.</summary>
    internal void Revise(Annotation annotation, AnnotationDocument document, RevisionKind kind, string? operations)
    {
        annotation.Revision++;
        (annotation.Document, annotation.Shapes, annotation.ChangedAt) = (document, document.Shapes.Length, time.GetUtcNow());
        db.Add(new AnnotationRevision
        {
            Id = ids.Next(),
            OrganizationId = annotation.OrganizationId,
            AnnotationId = annotation.Id,
            Number = annotation.Revision,
            Kind = kind,
            MadeBy = access.Actor.Id,
            At = annotation.ChangedAt,
            Operations = operations,
            Document = document,
        });
    }
}
