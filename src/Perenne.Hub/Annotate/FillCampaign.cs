using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>Takes images from the project's pool by the campaign's stored filter, up to its target; images given up on do not count towards it.</summary>
internal sealed class FillCampaign(HubDbContext db, AddTasks add)
{
    private const int Batch = 2_000;

    /// <summary>When free tasks run low and the rules ask for it; the number added.</summary>
    public async Task<int> TopUpAsync(Campaign campaign, CancellationToken cancel)
    {
        int below = campaign.Rules.TopUpBelow;
        if (below <= 0 || campaign.Filter is null)
            return 0;
        int free = await db.Set<Assignment>().Where(a => a.CampaignId == campaign.Id && a.State == AssignmentState.Free && a.ReservedFor == null).Take(below).CountAsync(cancel);
        return free < below ? await HandleAsync(campaign.Id, 2 * below, cancel) : 0;
    }

    /// <param name="most">Upper bound of this fill.</param>
    public async Task<int> HandleAsync(Guid campaignId, int most, CancellationToken cancel)
    {
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == campaignId, cancel);
        if (campaign.Filter is null)
            return 0;
        int counted = await db.Set<CampaignTotal>().Where(t => t.CampaignId == campaignId && t.State != TaskState.Unannotatable).SumAsync(t => t.Tasks, cancel);
        int room = Math.Min(most, campaign.Target - counted), added = 0;
        while (added < room)
        {
            List<TaskImage> found = await NextAsync(campaign, Math.Min(Batch, room - added), cancel);
            int now = found.Count == 0 ? 0 : await add.HandleAsync(campaignId, found, cancel);
            if (now == 0)
                break;
            added += now;
        }

        return added;
    }

    private async Task<List<TaskImage>> NextAsync(Campaign campaign, int count, CancellationToken cancel)
    {
        IQueryable<Image> images = campaign.Filter!.Apply(db.Set<Image>().Where(i => i.ProjectId == campaign.ProjectId && i.OrganizationId == campaign.OrganizationId), db)
            .Where(i => !db.Set<AnnotationTask>().Any(t => t.CampaignId == campaign.Id && t.ImageId == i.Id));
        if (campaign.Rules.Order is QueueOrder.Random or QueueOrder.Diverse)
        {
            Guid[] drawn = await DrawAsync(campaign, images, count, cancel);
            images = db.Set<Image>().Where(i => drawn.Contains(i.Id));
        }

        images = campaign.Rules.Order == QueueOrder.Oldest ? images.OrderBy(i => i.Id) : images.OrderByDescending(i => i.Id);
        return await images.Take(count).Select(i => new TaskImage(i.Id, i.CapturedAt ?? i.ArrivedAt, i.PartId, null, null, 0)).ToListAsync(cancel);
    }

    /// <summary>The first of the campaign's own random order over the whole pool: only ids are read, and only as many kept as are wanted.</summary>
    private static async Task<Guid[]> DrawAsync(Campaign campaign, IQueryable<Image> images, int count, CancellationToken cancel)
    {
        PriorityQueue<Guid, long> kept = new(); // The last of them leads.
        await foreach (Guid id in images.Select(i => i.Id).AsAsyncEnumerable().WithCancellation(cancel))
        {
            long place = QueueKey.RandomPlace(campaign.Seed, id);
            if (kept.Count < count)
                kept.Enqueue(id, -place);
            else
                kept.EnqueueDequeue(id, -place);
        }

        return [.. kept.UnorderedItems.Select(item => item.Element)];
    }
}
