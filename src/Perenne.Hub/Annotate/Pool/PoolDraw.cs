using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>Which images of the pool come into a campaign next, in the campaign's own order.</summary>
internal static class PoolDraw
{
    // The farthest of a sample this large are far apart in the pool too; it bounds time and memory.
    private const int MostCompared = 20_000, MostCovered = 2_000;

    /// <param name="images">What the campaign's filter finds and is not in it yet.</param>
    public static async Task<IReadOnlyList<Guid>> NextAsync(HubDbContext db, Campaign campaign, IQueryable<Image> images, int count, CancellationToken cancel) => campaign.Rules.Order switch
    {
        QueueOrder.Random => [.. (await SampleAsync(campaign, images, count, cancel)).Select(i => i.Id)],
        QueueOrder.Diverse => await DiverseAsync(db, campaign, images, count, cancel),
        QueueOrder.Uncertain => await UncertainAsync(db, campaign, images, count, cancel),
        QueueOrder.Oldest => await images.OrderBy(i => i.Id).Take(count).Select(i => i.Id).ToListAsync(cancel),
        _ => await images.OrderByDescending(i => i.Id).Take(count).Select(i => i.Id).ToListAsync(cancel),
    };

    private static async Task<IReadOnlyList<Guid>> UncertainAsync(HubDbContext db, Campaign campaign, IQueryable<Image> images, int count, CancellationToken cancel)
    {
        IQueryable<Annotation> proposals = db.Set<Annotation>().Where(a => a.ProjectId == campaign.ProjectId && a.Uncertainty != null);
        List<Guid> unsure = await (from proposal in proposals join image in images on proposal.ImageId equals image.Id orderby proposal.Uncertainty descending, image.Id select image.Id)
            .Take(count).ToListAsync(cancel);
        if (unsure.Count < count)
            unsure.AddRange(await images.Where(i => !proposals.Any(a => a.ImageId == i.Id)).OrderByDescending(i => i.Id).Take(count - unsure.Count).Select(i => i.Id).ToListAsync(cancel));
        return unsure;
    }

    private static async Task<IReadOnlyList<Guid>> DiverseAsync(HubDbContext db, Campaign campaign, IQueryable<Image> images, int count, CancellationToken cancel)
    {
        List<(Guid Id, long Look)> sample = await SampleAsync(campaign, images, MostCompared, cancel);
        long[] covered = await (from task in db.Set<AnnotationTask>() where task.CampaignId == campaign.Id orderby task.Id descending join image in db.Set<Image>() on task.ImageId equals image.Id select image.PerceptualHash)
            .Take(MostCovered).ToArrayAsync(cancel);
        return [.. FarApart.Choose([.. sample.Select(i => i.Look)], covered, count).Select(i => sample[i].Id)];
    }

    /// <summary>The first of the campaign's own random order over the whole pool: only as many are kept as are wanted.</summary>
    private static async Task<List<(Guid Id, long Look)>> SampleAsync(Campaign campaign, IQueryable<Image> images, int count, CancellationToken cancel)
    {
        PriorityQueue<(Guid Id, long Look), long> kept = new(); // The last of them leads.
        await foreach (var image in images.Select(i => new { i.Id, i.PerceptualHash }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            long place = QueueKey.RandomPlace(campaign.Seed, image.Id);
            if (kept.Count < count)
                kept.Enqueue((image.Id, image.PerceptualHash), -place);
            else
                kept.EnqueueDequeue((image.Id, image.PerceptualHash), -place);
        }

        return [.. kept.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
    }
}
