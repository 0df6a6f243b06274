using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Share;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree;

/// <summary>Makes and withdraws ground truth. Runs inside the caller's transaction.</summary>
internal sealed class GroundTruths(HubDbContext db, IdSource ids, CurrentAccess access, TimeProvider time, Facts facts)
{
    /// <summary>Accepted without a person: one answer as it is, or the consensus of several that agree.</summary>
    public Task AcceptAsync(
        AnnotationTask task, Guid project, IReadOnlyList<AuthoredDocument> answers, Annotation last, AnnotationRevision revision, DateTimeOffset now, CancellationToken cancel)
    {
        AnnotationDocument document = answers.Count > 1 ? Consensus.Of([.. answers.Select(a => a.Document)]) : revision.Document!;
        Guid[] from = answers.Count > 1 ? [.. answers.Select(a => a.AnnotationId)] : [last.Id];
        return DecideAsync(task, project, answers.Count > 1 ? TruthSource.Consensus : TruthSource.Accepted, document, from, null, now, cancel);
    }

    public async Task DecideAsync(
        AnnotationTask task, Guid project, TruthSource source, AnnotationDocument document, Guid[] from, Guid? decidedBy, DateTimeOffset now, CancellationToken cancel)
    {
        await WithdrawAsync(project, task.ImageId, cancel);
        GroundTruth truth = new()
        {
            Id = ids.Next(),
            OrganizationId = task.OrganizationId,
            ProjectId = project,
            ImageId = task.ImageId,
            TaskId = task.Id,
            Source = source,
            Document = document,
            From = from,
            DecidedBy = decidedBy ?? (source is TruthSource.Accepted or TruthSource.Consensus ? null : access.Actor.Id),
            At = now,
            IsCurrent = true,
        };
        db.Add(truth);
        await db.SaveChangesAsync(cancel);
        await facts.TruthAsync(truth, task.CampaignId, cancel);
        await db.Set<Image>().Where(i => i.Id == task.ImageId && !i.IsAnnotated).ExecuteUpdateAsync(set => set.SetProperty(i => i.IsAnnotated, true), cancel);
    }

    /// <summary>It stays as history, with who ended it and when.</summary>
    public async Task WithdrawAsync(Guid project, Guid image, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Guid? by = access.Actor.Kind == ActorKind.Person ? access.Actor.Id : null;
        int withdrawn = await db.Set<GroundTruth>().Where(t => t.ProjectId == project && t.ImageId == image && t.IsCurrent).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.IsCurrent, false).SetProperty(t => t.WithdrawnAt, now).SetProperty(t => t.WithdrawnBy, by), cancel);
        if (withdrawn > 0)
            await facts.TruthWithdrawnAsync(image, cancel);
    }
}
