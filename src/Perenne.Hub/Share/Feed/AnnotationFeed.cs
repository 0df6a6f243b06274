using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Share.Feed;

/// <summary>Keeps the feed of annotations. Every method runs inside the transaction of what it tells.</summary>
internal sealed class AnnotationFeed(HubDbContext db)
{
    internal sealed record Change(
        AnnotationStage Stage, Guid SubjectId, Guid OrganizationId, Guid ProjectId, Guid ImageId, Guid? CampaignId, Guid? AuthorId, Guid RecordId, int Revision,
        ReviewVerdict? Verdict, bool IsWithdrawn, DateTimeOffset At);

    public Task ChangedAsync(Change change, CancellationToken cancel)
    {
        string stage = change.Stage.ToString();
        string? verdict = change.Verdict?.ToString();
        long at = WorkQueue.Microseconds(change.At);
        return db.Database.ExecuteSqlAsync($"""
            INSERT INTO annotation_feed (stage, subject_id, organization_id, project_id, image_id, campaign_id, author_id, record_id, revision, verdict, is_withdrawn, changed_at, position)
            VALUES ({stage}, {change.SubjectId}, {change.OrganizationId}, {change.ProjectId}, {change.ImageId}, {change.CampaignId}, {change.AuthorId},
                {change.RecordId}, {change.Revision}, {verdict}, {change.IsWithdrawn}, {at}, NULL)
            ON CONFLICT (stage, subject_id) DO UPDATE SET
                campaign_id = excluded.campaign_id, author_id = excluded.author_id, record_id = excluded.record_id, revision = excluded.revision,
                verdict = excluded.verdict, is_withdrawn = excluded.is_withdrawn, changed_at = excluded.changed_at, position = NULL
            """, cancel);
    }

    public Task TruthWithdrawnAsync(Guid image, CancellationToken cancel) => db.Set<ChangedAnnotation>()
        .Where(c => c.Stage == AnnotationStage.GroundTruth && c.SubjectId == image && !c.IsWithdrawn).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.IsWithdrawn, true).SetProperty(c => c.Position, (long?)null), cancel);

    public Task ImageDeletedAsync(Guid image, CancellationToken cancel) => db.Set<ChangedAnnotation>().Where(c => c.ImageId == image && !c.IsWithdrawn)
        .ExecuteUpdateAsync(set => set.SetProperty(c => c.IsWithdrawn, true).SetProperty(c => c.Position, (long?)null), cancel);
}
