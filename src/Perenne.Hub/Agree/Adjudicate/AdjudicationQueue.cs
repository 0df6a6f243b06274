using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree.Adjudicate;

/// <param name="AssignmentId">The task's id; named as the other queues name theirs, so that one client serves all.</param>
internal sealed record AdjudicationItem(Guid AssignmentId, DateTimeOffset HeldUntil);

/// <summary>"Next dispute": the one this person holds, else the most serious that nobody holds and that they did not answer themselves.</summary>
internal sealed class AdjudicationQueue(HubDbContext db, CurrentAccess access, TimeProvider time)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(30);

    public async Task<Result<AdjudicationItem>> NextAsync(Guid project, Guid? campaign, CancellationToken cancel)
    {
        Guid me = access.Actor.Id;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            DateTimeOffset now = time.GetUtcNow(), until = now + Hold;
            Guid? found = await Waiting(project, campaign).Where(t => t.HeldBy == null || t.HeldBy == me || t.HeldUntil <= now)
                .OrderBy(t => t.HeldBy == me ? 0 : 1)
                .ThenByDescending(t => db.Set<AgreementItem>().Where(i => i.TaskId == t.Id).Select(i => i.Score).FirstOrDefault()).ThenBy(t => t.Id)
                .Select(t => (Guid?)t.Id).FirstOrDefaultAsync(cancel);
            if (found is not { } task)
                return await NothingAsync(project, campaign, cancel);
            int taken = await db.Set<AnnotationTask>().Where(t => t.Id == task && t.State == TaskState.Disputed && (t.HeldBy == null || t.HeldBy == me || t.HeldUntil <= now))
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.HeldBy, me).SetProperty(t => t.HeldUntil, until), cancel);
            if (taken == 1)
                return new AdjudicationItem(task, until);
        }

        return new HubError("busy", StatusCodes.Status503ServiceUnavailable, "Many people are asking for disputes at this moment. Try again.");
    }

    public Task<int> CountAsync(Guid project, Guid? campaign, CancellationToken cancel) => Waiting(project, campaign).CountAsync(cancel);

    private IQueryable<AnnotationTask> Waiting(Guid project, Guid? campaign)
    {
        Guid me = access.Actor.Id;
        return db.Set<AnnotationTask>().Where(t => t.State == TaskState.Disputed && db.Set<Campaign>().Any(c => c.Id == t.CampaignId && c.ProjectId == project && (campaign == null || c.Id == campaign))
            && !db.Set<Assignment>().Any(a => a.TaskId == t.Id && a.PersonId == me));
    }

    private async Task<HubError> NothingAsync(Guid project, Guid? campaign, CancellationToken cancel)
    {
        int held = await Waiting(project, campaign).CountAsync(cancel);
        return new("nothing-left", StatusCodes.Status404NotFound,
            held > 0 ? $"Nothing is free at the moment: {held} disputes are being decided by others." : "No dispute waits for you. Thank you!");
    }
}
