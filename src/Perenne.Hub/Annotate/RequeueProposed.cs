using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>New proposals for images that wait in a campaign: "uncertain first" moves them, and who may judge them follows the class proposed now.</summary>
internal sealed class RequeueProposed(HubDbContext db)
{
    public async Task HandleAsync(Guid project, IReadOnlyCollection<Annotation> proposals, CancellationToken cancel)
    {
        Dictionary<Guid, Annotation> byImage = proposals.ToDictionary(p => p.ImageId);
        Dictionary<Guid, Campaign> campaigns = await db.Set<Campaign>().Where(c => c.ProjectId == project && c.State != CampaignState.Finished).ToDictionaryAsync(c => c.Id, cancel);
        Guid[] images = [.. byImage.Keys], running = [.. campaigns.Keys];
        List<AnnotationTask> waiting = await db.Set<AnnotationTask>()
            .Where(t => running.Contains(t.CampaignId) && images.Contains(t.ImageId) && t.State == TaskState.Open && t.GoldTruthId == null).ToListAsync(cancel);
        if (waiting.Count == 0)
            return;
        Guid[] tasks = [.. waiting.Select(t => t.Id)];
        ILookup<Guid, Assignment> slots = (await db.Set<Assignment>().Where(a => tasks.Contains(a.TaskId)).ToListAsync(cancel)).ToLookup(a => a.TaskId);
        foreach (AnnotationTask task in waiting)
        {
            Campaign campaign = campaigns[task.CampaignId];
            Annotation proposal = byImage[task.ImageId];
            task.Skill = ProposalFacts.Skill(proposal.Document);
            campaign.Epoch++;
            if (campaign.Rules.Order != QueueOrder.Uncertain || proposal.Uncertainty is null)
                continue;
            task.Place = QueuePlace.Of(campaign, new(task.ImageId, task.CreatedAt, Uncertainty: proposal.Uncertainty), 0);
            foreach (Assignment slot in slots[task.Id])
                slot.QueueKey = QueueKey.Of(task.Priority, task.Place, slot.Slot);
        }

        await db.SaveChangesAsync(cancel);
    }
}
