using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Progress;
using Perenne.Hub.Review;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Share.Webhooks;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Share;

/// <summary>
/// What happened to an annotation, for the world outside: the feed that programs read, and the events of webhooks. Each method is called
/// inside the transaction of the fact, so that neither is there without the other.
/// </summary>
internal sealed class Facts(HubDbContext db, AnnotationFeed feed, Outbox outbox)
{
    public async Task SubmittedAsync(Assignment assignment, Annotation annotation, CancellationToken cancel)
    {
        await feed.ChangedAsync(Submitted(assignment, annotation, null), cancel);
        await outbox.AddAsync(WebhookEvents.Submitted, annotation.OrganizationId, annotation.ProjectId, Told(assignment, annotation), cancel);
    }

    /// <summary>A rejected answer is withdrawn until its author submits it again.</summary>
    public async Task ReviewedAsync(Assignment assignment, Annotation annotation, ReviewVerdict verdict, CancellationToken cancel)
    {
        await feed.ChangedAsync(Submitted(assignment, annotation, verdict), cancel);
        string name = verdict == ReviewVerdict.Rejected ? WebhookEvents.Rejected : WebhookEvents.Accepted;
        await outbox.AddAsync(name, annotation.OrganizationId, annotation.ProjectId, Told(assignment, annotation, verdict), cancel);
    }

    public Task ImportedAsync(Annotation annotation, CancellationToken cancel) => feed.ChangedAsync(
        new(AnnotationStage.Imported, annotation.Id, annotation.OrganizationId, annotation.ProjectId, annotation.ImageId, null, annotation.AuthorId, annotation.Id, annotation.Revision,
            null, false, annotation.ChangedAt), cancel);

    public Task TruthAsync(GroundTruth truth, Guid? campaign, CancellationToken cancel) => feed.ChangedAsync(
        new(AnnotationStage.GroundTruth, truth.ImageId, truth.OrganizationId, truth.ProjectId, truth.ImageId, campaign, null, truth.Id, 0, null, false, truth.At), cancel);

    public Task TruthWithdrawnAsync(Guid image, CancellationToken cancel) => feed.TruthWithdrawnAsync(image, cancel);

    /// <summary>After the counters: of two last tasks the counter's row lock lets one see the other, so exactly one reaches the target.</summary>
    public async Task TaskDoneAsync(Guid campaignId, CancellationToken cancel)
    {
        var campaign = await db.Set<Campaign>().Where(c => c.Id == campaignId).Select(c => new { c.OrganizationId, c.ProjectId, c.Name, c.Target }).SingleAsync(cancel);
        int done = await db.Set<CampaignTotal>().Where(t => t.CampaignId == campaignId && t.State == TaskState.Done).Select(t => t.Tasks).SingleOrDefaultAsync(cancel);
        if (done == campaign.Target)
            await outbox.AddAsync(WebhookEvents.TargetReached, campaign.OrganizationId, campaign.ProjectId, new { CampaignId = campaignId, campaign.Name, campaign.Target }, cancel);
    }

    private static object Told(Assignment assignment, Annotation annotation, ReviewVerdict? verdict = null) => new
    {
        AnnotationId = annotation.Id, annotation.ImageId, assignment.CampaignId, assignment.TaskId, annotation.AuthorId, annotation.Revision, annotation.Shapes, Verdict = verdict,
    };

    private static AnnotationFeed.Change Submitted(Assignment assignment, Annotation annotation, ReviewVerdict? verdict) => new(
        AnnotationStage.Submitted, annotation.Id, annotation.OrganizationId, annotation.ProjectId, annotation.ImageId, assignment.CampaignId, annotation.AuthorId, annotation.Id,
        annotation.Revision, verdict, verdict == ReviewVerdict.Rejected, annotation.ChangedAt);
}
