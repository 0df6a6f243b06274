using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="AssignmentId">Opens the draft; preferred by the next pull it is gone on with, where <paramref name="IsFree"/>.</param>
internal sealed record DraftRow(Guid AssignmentId, Guid ProjectId, Guid CampaignId, string Campaign, string FileName, int Shapes, DateTimeOffset ChangedAt, bool IsFree);

/// <summary>What the caller began on tasks that are no longer theirs: a lease that ran out, work given to somebody else. Nothing of it is lost.</summary>
internal sealed class ListDrafts(HubDbContext db, CurrentAccess access, TimeProvider time)
{
    private const int MostListed = 50, Days = 30;

    public async Task<IReadOnlyList<DraftRow>> HandleAsync(Guid? project, CancellationToken cancel)
    {
        Guid me = access.Actor.Id;
        DateTimeOffset now = time.GetUtcNow(), since = now.AddDays(-Days);
        return await (
            from draft in db.Set<Annotation>()
            where draft.AuthorId == me && draft.ChangedAt >= since && draft.Source == AnnotationSource.Person && draft.Revision > 0 && (project == null || draft.ProjectId == project)
                && !db.Set<Assignment>().Any(a => a.TaskId == draft.TaskId && a.PersonId == me)
            join task in db.Set<AnnotationTask>() on draft.TaskId equals task.Id
            where task.State == TaskState.Open || task.State == TaskState.InReview
            join campaign in db.Set<Campaign>() on task.CampaignId equals campaign.Id
            where campaign.State != CampaignState.Finished
            join image in db.Set<Image>() on draft.ImageId equals image.Id
            let slot = db.Set<Assignment>().Where(a => a.TaskId == task.Id)
                .OrderBy(a => (a.State == AssignmentState.Free && (a.ReservedFor == null || a.ReservedFor == me)) || (a.State == AssignmentState.Leased && a.LeaseExpiresAt <= now) ? 0 : 1).ThenBy(a => a.Slot)
                .Select(a => new { a.Id, IsFree = (a.State == AssignmentState.Free && (a.ReservedFor == null || a.ReservedFor == me)) || (a.State == AssignmentState.Leased && a.LeaseExpiresAt <= now) }).First()
            orderby draft.ChangedAt descending
            select new DraftRow(slot.Id, draft.ProjectId, campaign.Id, campaign.Name, image.FileName, draft.Shapes, draft.ChangedAt, slot.IsFree && campaign.State == CampaignState.Running))
            .Take(MostListed).ToListAsync(cancel);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/drafts", async (ListDrafts handler, HttpContext http) => TypedResults.Ok(await handler.HandleAsync(http.ProjectId(), http.RequestAborted)))
        .Requires(HubAction.TasksAnnotate).WithTags("Tasks").WithName("ListDrafts").WithSummary("What you began on tasks that are no longer yours, of the last 30 days. Get the task to read it; prefer its slot in a pull to go on.");
}
