using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Review;

internal sealed record ReviewItem(Guid AssignmentId, DateTimeOffset HeldUntil);

/// <summary>"Next review": the one the reviewer holds, else the longest waiting answer to an image that they did not annotate themselves.</summary>
internal sealed class ReviewQueue(HubDbContext db, CurrentAccess access, TimeProvider time)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(30);

    public async Task<Result<ReviewItem>> NextAsync(Guid project, Guid? campaign, CancellationToken cancel)
    {
        Guid me = access.Actor.Id;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            DateTimeOffset now = time.GetUtcNow(), until = now + Hold;
            var found = await Waiting(project, campaign).Where(a => a.ReviewerId == null || a.ReviewerId == me || a.ReviewUntil <= now)
                .OrderBy(a => a.ReviewerId == me ? 0 : 1).ThenBy(a => a.SubmittedAt).ThenBy(a => a.Id).Select(a => new { a.Id, a.Fence }).FirstOrDefaultAsync(cancel);
            if (found is null)
                return await NothingAsync(project, campaign, cancel);
            int taken = await db.Set<Assignment>()
                .Where(a => a.Id == found.Id && a.Fence == found.Fence && a.ReviewVerdict == null && (a.ReviewerId == null || a.ReviewerId == me || a.ReviewUntil <= now))
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.ReviewerId, me).SetProperty(a => a.ReviewUntil, until), cancel);
            if (taken == 1)
                return new ReviewItem(found.Id, until);
        }

        return new HubError("busy", StatusCodes.Status503ServiceUnavailable, "Many people are asking for reviews at this moment. Try again.");
    }

    public Task<int> CountAsync(Guid project, Guid? campaign, CancellationToken cancel) => Waiting(project, campaign).CountAsync(cancel);

    // Nobody reviews an image that they annotated, whichever of its answers it is.
    private IQueryable<Assignment> Waiting(Guid project, Guid? campaign)
    {
        Guid me = access.Actor.Id;
        return from task in db.Set<AnnotationTask>()
               where task.State == TaskState.InReview && db.Set<Campaign>().Any(c => c.Id == task.CampaignId && c.ProjectId == project && (campaign == null || c.Id == campaign))
               join slot in db.Set<Assignment>() on task.Id equals slot.TaskId
               where slot.State == AssignmentState.Submitted && slot.ReviewVerdict == null
                   && !db.Set<Assignment>().Any(other => other.TaskId == task.Id && other.PersonId == me)
               select slot;
    }

    private async Task<HubError> NothingAsync(Guid project, Guid? campaign, CancellationToken cancel)
    {
        int held = await Waiting(project, campaign).CountAsync(cancel);
        return new("nothing-left", StatusCodes.Status404NotFound,
            held > 0 ? $"Nothing is free at the moment: {held} answers are being reviewed by others." : "No answer waits for your review. Thank you!");
    }
}
