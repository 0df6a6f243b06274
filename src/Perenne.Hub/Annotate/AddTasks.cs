using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>An image to annotate, with what the rules need to know of it.</summary>
/// <param name="Uncertainty">Of the current model, 0 to 1; null without a prediction.</param>
internal sealed record TaskImage(Guid ImageId, DateTimeOffset ArrivedAt, string? PartKey = null, string? Skill = null, double? Uncertainty = null, int Priority = 0);

/// <summary>Makes tasks and their slots. Images that are in the campaign already are passed over, so a repeated call adds nothing twice.</summary>
internal sealed class AddTasks(HubDbContext db, IdSource ids, TimeProvider time, Counters counters)
{
    private const int Batch = 500;

    /// <summary>The number of tasks added.</summary>
    public async Task<int> HandleAsync(Guid campaignId, IReadOnlyList<TaskImage> images, CancellationToken cancel)
    {
        int added = 0;
        foreach (TaskImage[] chunk in images.Chunk(Batch))
            added += await AddAsync(campaignId, chunk, cancel);
        return added;
    }

    private async Task<int> AddAsync(Guid campaignId, TaskImage[] chunk, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // The update takes the campaign's row, so that two top-ups at once give out places one after the other.
        await db.Set<Campaign>().Where(c => c.Id == campaignId).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.NextPlace, c => c.NextPlace + chunk.Length).SetProperty(c => c.Epoch, c => c.Epoch + 1), cancel);
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == campaignId, cancel);
        Guid[] wanted = [.. chunk.Select(i => i.ImageId)];
        HashSet<Guid> there = [.. await db.Set<AnnotationTask>().Where(t => t.CampaignId == campaignId && wanted.Contains(t.ImageId)).Select(t => t.ImageId).ToListAsync(cancel)];
        DateTimeOffset now = time.GetUtcNow();
        int added = 0;
        foreach (TaskImage image in chunk.DistinctBy(i => i.ImageId).Where(i => !there.Contains(i.ImageId)))
        {
            AnnotationTask task = new()
            {
                Id = ids.Next(),
                OrganizationId = campaign.OrganizationId,
                CampaignId = campaign.Id,
                ImageId = image.ImageId,
                Priority = Math.Clamp(image.Priority, 0, QueueKey.MaxPriority),
                Place = QueuePlace.Of(campaign, image, campaign.NextPlace - chunk.Length + added),
                Required = QueueKey.Draw(campaign.Seed, image.ImageId, "overlap") < campaign.Rules.OverlapShare ? campaign.Rules.OverlapCount : 1,
                PartKey = image.PartKey,
                Skill = image.Skill,
                CreatedAt = now,
            };
            db.Add(task);
            for (int slot = 0; slot < task.Required; slot++)
            {
                db.Add(new Assignment
                {
                    Id = ids.Next(),
                    OrganizationId = task.OrganizationId,
                    CampaignId = task.CampaignId,
                    TaskId = task.Id,
                    Slot = slot,
                    QueueKey = QueueKey.Of(task.Priority, task.Place, slot),
                });
            }

            added++;
        }

        await counters.AddTotalAsync(campaign.OrganizationId, campaign.Id, TaskState.Open, added, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        db.ChangeTracker.Clear();
        return added;
    }
}

internal static class QueuePlace
{
    /// <summary>Where an image stands in its campaign's queue; 48 bits.</summary>
    public static long Of(Campaign campaign, TaskImage image, long serial) => campaign.Rules.Order switch
    {
        QueueOrder.Oldest => Milliseconds(image.ArrivedAt),
        QueueOrder.Newest => QueueKey.MaxPlace - Milliseconds(image.ArrivedAt),
        QueueOrder.Uncertain when image.Uncertainty is { } uncertainty => (long)((1 - Math.Clamp(uncertainty, 0, 1)) * (QueueKey.MaxPlace >> 1)),
        QueueOrder.Uncertain => (QueueKey.MaxPlace >> 1) + (serial & (QueueKey.MaxPlace >> 1)),
        QueueOrder.Diverse => serial & QueueKey.MaxPlace, // As they were drawn: see FarApart.
        _ => QueueKey.RandomPlace(campaign.Seed, image.ImageId),
    };

    // Milliseconds since 1970 need 41 bits until the year 2039 and 48 until 10889.
    private static long Milliseconds(DateTimeOffset at) => Math.Clamp(at.ToUnixTimeMilliseconds(), 0, QueueKey.MaxPlace);
}
