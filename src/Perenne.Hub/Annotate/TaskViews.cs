using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Annotate;

/// <summary>Gathers what the canvas needs of one slot.</summary>
internal sealed class TaskViews(HubDbContext db)
{
    /// <param name="annotation">The document shown; null: nothing was drawn yet.</param>
    public async Task<Result<TaskView>> BuildAsync(Assignment assignment, Annotation? annotation, string mode, AnnotationDocument? before, CancellationToken cancel)
    {
        Guid imageId = assignment.Task!.ImageId;
        Image? image = await db.Set<Image>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == imageId, cancel);
        if (image is null)
            return HubError.NotFound("The image of this task");
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == assignment.CampaignId, cancel);
        List<LabelClass> classes = [.. (await db.Set<SchemaVersion>().AsNoTracking().Where(v => v.ProjectId == campaign.ProjectId)
            .OrderByDescending(v => v.Number).Select(v => v.Classes).FirstOrDefaultAsync(cancel) ?? []).Where(c => c.IsOffered && campaign.Rules.Offers(c.Id))];
        IReadOnlyList<string> kinds = campaign.Rules.Kinds ?? [];
        bool annotates = mode == "annotate";
        return new TaskView(
            assignment.Id,
            assignment.Fence.ToString(System.Globalization.CultureInfo.InvariantCulture),
            annotation?.Revision ?? 0,
            annotation?.Document ?? AnnotationDocument.Empty,
            TaskPicture.Of(image),
            $"{image.FileName} · {campaign.Name}",
            [.. classes.Select(TaskClass.Of)],
            kinds.Count == 0 ? null : [.. kinds.Where(k => k is not ("tag" or "value"))],
            kinds.Count == 0 || kinds.Contains("tag") ? [.. classes.Select(c => c.Name)] : null,
            campaign.Rules.Values,
            annotates ? await ProposalsAsync(campaign, imageId, classes, cancel) : null,
            campaign.Rules.Proposals == ProposalRule.AfterFirstShape,
            annotates ? await PreviousAsync(assignment, cancel) : null,
            await CommentsAsync(assignment, cancel),
            mode,
            before);
    }

    // The current model's word, else what came with the image; of it what the campaign asks for.
    private async Task<IReadOnlyList<DocumentShape>?> ProposalsAsync(Campaign campaign, Guid image, List<LabelClass> classes, CancellationToken cancel)
    {
        if (campaign.Rules.Proposals == ProposalRule.Never)
            return null;
        AnnotationDocument? document = await db.Set<Annotation>().AsNoTracking()
            .Where(a => a.ImageId == image && a.ProjectId == campaign.ProjectId && (a.Source == AnnotationSource.Model || a.Source == AnnotationSource.Import))
            .OrderByDescending(a => a.Source == AnnotationSource.Model ? 1 : 0).ThenByDescending(a => a.ChangedAt).Select(a => a.Document).FirstOrDefaultAsync(cancel);
        IReadOnlyList<string> kinds = campaign.Rules.Kinds ?? [];
        HashSet<string>? names = campaign.Rules.Classes is { Count: > 0 } ? [.. classes.Select(c => c.Name)] : null;
        DocumentShape[] shapes = [.. (document?.Shapes ?? []).Where(s => (kinds.Count == 0 || kinds.Contains(s.Kind)) && names?.Contains(s.Label) != false)];
        return shapes.Length > 0 ? shapes : null;
    }

    private Task<AnnotationDocument?> PreviousAsync(Assignment assignment, CancellationToken cancel) => (
        from slot in db.Set<Assignment>()
        where slot.CampaignId == assignment.CampaignId && slot.PersonId == assignment.PersonId && slot.State == AssignmentState.Submitted && slot.Id != assignment.Id
        join answer in db.Set<Annotation>() on new { slot.TaskId, slot.PersonId } equals new { TaskId = answer.TaskId!.Value, PersonId = answer.AuthorId }
        orderby slot.SubmittedAt descending
        select answer.Document).FirstOrDefaultAsync(cancel)!;

    private async Task<IReadOnlyList<PinnedComment>?> CommentsAsync(Assignment assignment, CancellationToken cancel) =>
        await db.Set<ReviewRecord>().AsNoTracking().Where(r => r.AssignmentId == assignment.Id && r.Verdict == ReviewVerdict.Rejected)
            .OrderByDescending(r => r.At).Select(r => r.Comments).FirstOrDefaultAsync(cancel);
}
