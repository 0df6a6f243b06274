using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="Priority">0 (as they come) to 127 (before everything else).</param>
/// <param name="ImageIds">These images; with a filter: those of them that it finds.</param>
/// <param name="Filter">The campaign's images that it finds.</param>
internal sealed record PriorityRequest(int Priority, IReadOnlyList<Guid>? ImageIds = null, ImageFilter? Filter = null);

/// <param name="Tasks">Tasks whose place in the queue changed.</param>
internal sealed record PriorityChanged(int Tasks);

/// <summary>Moves images of a campaign forward or back in its queue; what is being worked on stays where it is.</summary>
internal sealed class ChangePriority(HubDbContext db)
{
    private const long WithoutPriority = (1L << 56) - 1;

    public async Task<Result<PriorityChanged>> HandleAsync(Guid project, Guid campaignId, PriorityRequest request, CancellationToken cancel)
    {
        if (request.Priority is < 0 or > QueueKey.MaxPriority)
            return HubError.Invalid("priority", $"A priority lies between 0 and {QueueKey.MaxPriority}.");
        if (request.ImageIds is null && request.Filter is null)
            return HubError.Invalid("imageIds", "Name images or give a filter.");
        if (request.ImageIds is { Count: > 10_000 })
            return HubError.Invalid("imageIds", "Name at most 10,000 images at once, or give a filter.");
        if (!await db.Set<Campaign>().AnyAsync(c => c.Id == campaignId && c.ProjectId == project, cancel))
            return HubError.NotFound("The campaign");
        IQueryable<AnnotationTask> tasks = db.Set<AnnotationTask>().Where(t => t.CampaignId == campaignId && t.State == TaskState.Open && t.GoldTruthId == null && t.Priority != request.Priority);
        if (request.ImageIds is { } named)
            tasks = tasks.Where(t => named.Contains(t.ImageId));
        if (request.Filter is { } filter)
        {
            IQueryable<Guid> found = filter.Apply(db.Set<Image>().Where(i => i.ProjectId == project), db).Select(i => i.Id);
            tasks = tasks.Where(t => found.Contains(t.ImageId));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        long head = (long)(QueueKey.MaxPriority - request.Priority) << 56;
        IQueryable<Guid> wanted = tasks.Select(t => t.Id);
        await db.Set<Assignment>().Where(a => a.CampaignId == campaignId && wanted.Contains(a.TaskId))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.QueueKey, a => (a.QueueKey & WithoutPriority) + head), cancel);
        int changed = await tasks.ExecuteUpdateAsync(set => set.SetProperty(t => t.Priority, request.Priority), cancel);
        await EditCampaign.NextEpochAsync(db, campaignId, cancel);
        await transaction.CommitAsync(cancel);
        return new PriorityChanged(changed);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/projects/{project}/campaigns/{campaign:guid}/priority", async (Guid campaign, PriorityRequest body, ChangePriority handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, body, http.RequestAborted)).ToOk())
        .Requires(HubAction.CampaignsEdit).Produces<PriorityChanged>().WithTags("Campaigns").WithName("ChangePriority").WithSummary("Moves open images forward or back in the queue, by id or by filter.");
}
