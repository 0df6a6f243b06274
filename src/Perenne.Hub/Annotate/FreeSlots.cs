using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>Slots that might be given out, in the queue's order, each read along the queue's index.</summary>
internal static class FreeSlots
{
    public static IQueryable<Assignment> Free(HubDbContext db, Campaign campaign, Guid person, long from) => db.Set<Assignment>().AsNoTracking()
        .Where(a => a.CampaignId == campaign.Id && a.QueueKey >= from && a.State == AssignmentState.Free && (a.ReservedFor == null || a.ReservedFor == person)
            && !db.Set<Assignment>().Any(b => b.TaskId == a.TaskId && b.PersonId == person));

    /// <summary>Reassigned to the person by a manager, and the gold task that comes next.</summary>
    public static IQueryable<Assignment> Reserved(HubDbContext db, Campaign campaign, Guid person) => db.Set<Assignment>().AsNoTracking()
        .Where(a => a.CampaignId == campaign.Id && a.ReservedFor == person && a.State == AssignmentState.Free);

    public static IQueryable<Assignment> Expired(HubDbContext db, Campaign campaign, long from, DateTimeOffset now) => db.Set<Assignment>().AsNoTracking()
        .Where(a => a.CampaignId == campaign.Id && a.QueueKey >= from && a.State == AssignmentState.Leased && a.LeaseExpiresAt <= now);

    /// <summary>Reserved for nobody: the queue as it stands for everybody.</summary>
    public static IQueryable<Assignment> Unreserved(HubDbContext db, Campaign campaign) => db.Set<Assignment>().AsNoTracking()
        .Where(a => a.CampaignId == campaign.Id && a.State == AssignmentState.Free && a.ReservedFor == null);

    public static async Task<List<Candidate>> ReadAsync(HubDbContext db, Campaign campaign, IQueryable<Assignment> slots, int page, CancellationToken cancel)
    {
        bool byPart = campaign.Rules.SamePartSamePerson;
        var rows = await slots.OrderBy(a => a.QueueKey).Take(page).Select(a => new
        {
            a.Id,
            a.TaskId,
            a.QueueKey,
            a.Fence,
            a.Task!.PartKey,
            a.Task.Skill,
            a.ReservedFor,
            PartOwner = byPart && a.Task.PartKey != null
                ? db.Set<PartOwner>().Where(p => p.CampaignId == campaign.Id && p.PartKey == a.Task.PartKey).Select(p => (Guid?)p.PersonId).FirstOrDefault()
                : null,
            People = db.Set<Assignment>().Where(b => b.TaskId == a.TaskId && b.Id != a.Id && b.PersonId != null).Select(b => b.PersonId!.Value).ToList(),
        }).ToListAsync(cancel);
        return [.. rows.Select(r => new Candidate(r.Id, r.TaskId, r.QueueKey, r.Fence, r.PartKey, r.PartOwner, r.Skill, r.ReservedFor, r.People))];
    }
}
