using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>Takes images from the project's pool by the campaign's stored filter, up to its target; images given up on do not count towards it.</summary>
internal sealed class FillCampaign(HubDbContext db, AddTasks add)
{
    // Ids are drawn in one pass over the pool, as many as fit into memory with ease; images are read in smaller batches.
    private const int Batch = 2_000, Draw = 50_000;

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
            int now = 0;
            foreach (Guid[] batch in (await PoolDraw.NextAsync(db, campaign, NotYetIn(campaign), Math.Min(Draw, room - added), cancel)).Chunk(Batch))
                now += await add.HandleAsync(campaignId, await ReadAsync(campaign, batch, cancel), cancel);
            if (now == 0)
                break;
            added += now;
        }

        return added;
    }

    private IQueryable<Image> NotYetIn(Campaign campaign) =>
        campaign.Filter!.Apply(db.Set<Image>().Where(i => i.ProjectId == campaign.ProjectId && i.OrganizationId == campaign.OrganizationId), db)
            .Where(i => !db.Set<AnnotationTask>().Any(t => t.CampaignId == campaign.Id && t.ImageId == i.Id));

    private async Task<List<TaskImage>> ReadAsync(Campaign campaign, Guid[] ids, CancellationToken cancel)
    {
        var images = await db.Set<Image>().Where(i => ids.Contains(i.Id)).Select(i => new { i.Id, At = i.CapturedAt ?? i.ArrivedAt, i.PartId }).ToDictionaryAsync(i => i.Id, cancel);

        // A model's word counts more than what came with the image.
        var proposals = (await db.Set<Annotation>().AsNoTracking()
            .Where(a => a.ProjectId == campaign.ProjectId && ids.Contains(a.ImageId) && (a.Source == AnnotationSource.Model || a.Source == AnnotationSource.Import))
            .Select(a => new { a.ImageId, a.Source, a.Uncertainty, a.Document }).ToListAsync(cancel)).GroupBy(a => a.ImageId).ToDictionary(g => g.Key, g => g.MaxBy(a => a.Source == AnnotationSource.Model ? 1 : 0)!);
        return [.. ids.Where(images.ContainsKey).Select(id =>
        {
            var proposal = proposals.GetValueOrDefault(id);
            return new TaskImage(id, images[id].At, images[id].PartId, proposal is null ? null : ProposalFacts.Skill(proposal.Document), proposal?.Uncertainty);
        })];
    }
}
