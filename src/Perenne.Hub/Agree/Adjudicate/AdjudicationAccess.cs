using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree.Adjudicate;

/// <param name="Draft">What this person has picked so far; null before the first pick.</param>
internal sealed record Disputed(AnnotationTask Task, Campaign Campaign, Annotation? Draft);

/// <summary>Loads a task for the person who decides it. Whoever answered it does not: the rule is enforced here, where the authors are known.</summary>
internal sealed class AdjudicationAccess(HubDbContext db, CurrentAccess access)
{
    /// <param name="decides">To change something, not only to look.</param>
    public async Task<Result<Disputed>> LoadAsync(Guid project, Guid taskId, bool decides, CancellationToken cancel)
    {
        Guid me = access.Actor.Id;
        AnnotationTask? task = await db.Set<AnnotationTask>().AsNoTracking()
            .SingleOrDefaultAsync(t => t.Id == taskId && db.Set<Campaign>().Any(c => c.Id == t.CampaignId && c.ProjectId == project), cancel);
        if (task is null)
            return HubError.NotFound("The task");
        if (decides && await db.Set<Assignment>().AnyAsync(a => a.TaskId == taskId && a.PersonId == me, cancel))
            return HubError.Forbidden("You annotated this image yourself, so somebody else decides about it.");
        if (decides && task.State is TaskState.Open or TaskState.Unannotatable)
            return HubError.Conflict("not-answered", "This image is still being annotated. It can be decided once all its answers are in.");
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == task.CampaignId, cancel);
        return new Disputed(task, campaign, await Drafts.FindAsync(db, taskId, me, cancel));
    }
}
