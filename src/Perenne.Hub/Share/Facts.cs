using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Review;
using Perenne.Hub.Share.Feed;

namespace Perenne.Hub.Share;

/// <summary>
/// What happened to an annotation, for the world outside: the feed that programs read. Each method is called inside the transaction of the
/// fact, so that neither is there without the other.
/// </summary>
internal sealed class Facts(AnnotationFeed feed)
{
    public Task SubmittedAsync(Assignment assignment, Annotation annotation, CancellationToken cancel) =>
        feed.ChangedAsync(Submitted(assignment, annotation, null), cancel);

    /// <summary>A rejected answer is withdrawn until its author submits it again.</summary>
    public Task ReviewedAsync(Assignment assignment, Annotation annotation, ReviewVerdict verdict, CancellationToken cancel) =>
        feed.ChangedAsync(Submitted(assignment, annotation, verdict), cancel);

    public Task ImportedAsync(Annotation annotation, CancellationToken cancel) => feed.ChangedAsync(
        new(AnnotationStage.Imported, annotation.Id, annotation.OrganizationId, annotation.ProjectId, annotation.ImageId, null, annotation.AuthorId, annotation.Id, annotation.Revision,
            null, false, annotation.ChangedAt), cancel);

    public Task TruthAsync(GroundTruth truth, Guid? campaign, CancellationToken cancel) => feed.ChangedAsync(
        new(AnnotationStage.GroundTruth, truth.ImageId, truth.OrganizationId, truth.ProjectId, truth.ImageId, campaign, null, truth.Id, 0, null, false, truth.At), cancel);

    public Task TruthWithdrawnAsync(Guid image, CancellationToken cancel) => feed.TruthWithdrawnAsync(image, cancel);

    private static AnnotationFeed.Change Submitted(Assignment assignment, Annotation annotation, ReviewVerdict? verdict) => new(
        AnnotationStage.Submitted, annotation.Id, annotation.OrganizationId, annotation.ProjectId, annotation.ImageId, assignment.CampaignId, annotation.AuthorId, annotation.Id,
        annotation.Revision, verdict, verdict == ReviewVerdict.Rejected, annotation.ChangedAt);
}
