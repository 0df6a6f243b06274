using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>
/// Images whose answer is known, slipped into everybody's queue at the campaign's share. A slot is reserved for the person one pull ahead,
/// so that its image is fetched ahead like any other and nothing tells it apart.
/// </summary>
internal sealed class GoldTasks(HubDbContext db, IdSource ids)
{
    private const int MostUnseen = 200;

    /// <summary>After a pull: decides whether the person's next task is a gold one. Drawn, not counted, so that nobody can expect it.</summary>
    /// <param name="pulled">The slot just taken; each is drawn for once.</param>
    public async Task PlanNextAsync(Campaign campaign, Guid person, Guid pulled, CancellationToken cancel)
    {
        if (campaign.Rules.GoldShare <= 0 || QueueKey.Draw(campaign.Seed, pulled, "gold" + person) >= campaign.Rules.GoldShare)
            return;
        List<AnnotationTask> unseen = await db.Set<AnnotationTask>().AsNoTracking()
            .Where(t => t.CampaignId == campaign.Id && t.GoldTruthId != null && !db.Set<Assignment>().Any(a => a.TaskId == t.Id && (a.PersonId == person || a.ReservedFor == person)))
            .OrderBy(t => t.Id).Take(MostUnseen).ToListAsync(cancel);
        if (unseen.Count == 0 || await db.Set<Assignment>().AnyAsync(a => a.CampaignId == campaign.Id && a.ReservedFor == person && a.State == AssignmentState.Free, cancel))
            return;
        AnnotationTask task = unseen[(int)(QueueKey.Draw(campaign.Seed, pulled, "which") * unseen.Count)];
        int slot = 1 + (await db.Set<Assignment>().Where(a => a.TaskId == task.Id).MaxAsync(a => (int?)a.Slot, cancel) ?? -1);
        Assignment reserved = new()
        {
            Id = ids.Next(),
            OrganizationId = task.OrganizationId,
            CampaignId = task.CampaignId,
            TaskId = task.Id,
            Slot = slot,
            ReservedFor = person,
            QueueKey = QueueKey.Of(task.Priority, task.Place, Math.Min(slot, QueueKey.MaxSlot)),
        };
        db.Add(reserved);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (DbErrors.IsUniqueViolation(failure))
        {
            db.ChangeTracker.Clear(); // Somebody else took the slot's number at this moment; the next pull draws again.
        }
    }

    /// <summary>Within the submit's transaction.</summary>
    public async Task ScoreAsync(AnnotationTask task, Guid person, AnnotationDocument document, DateTimeOffset now, CancellationToken cancel)
    {
        AnnotationDocument known = await db.Set<GroundTruth>().Where(t => t.Id == task.GoldTruthId).Select(t => t.Document).SingleAsync(cancel);
        PairFigures figures = DocumentAgreement.Compare(known, document);
        await db.Set<GoldAnswer>().Where(g => g.TaskId == task.Id && g.PersonId == person).ExecuteDeleteAsync(cancel);
        db.Add(new GoldAnswer
        {
            TaskId = task.Id,
            PersonId = person,
            CampaignId = task.CampaignId,
            OrganizationId = task.OrganizationId,
            Matched = figures.Matched,
            Missed = figures.OnlyFirst,
            Invented = figures.OnlySecond,
            F1 = figures.F1,
            At = now,
        });
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Answers and mean F1 of each person, over one campaign or all of a project.</summary>
    public async Task<Dictionary<Guid, (int Answers, double F1)>> ScoresAsync(Guid project, Guid? campaign, CancellationToken cancel)
    {
        var rows = await db.Set<GoldAnswer>()
            .Where(g => campaign == null ? db.Set<Campaign>().Any(c => c.Id == g.CampaignId && c.ProjectId == project) : g.CampaignId == campaign)
            .GroupBy(g => g.PersonId).Select(g => new { Person = g.Key, Answers = g.Count(), F1 = g.Average(one => one.F1) }).ToListAsync(cancel);
        return rows.ToDictionary(r => r.Person, r => (r.Answers, r.F1));
    }
}
