using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="AssignmentId">Named in the next pull, this slot is preferred.</param>
internal sealed record UpcomingTask(Guid AssignmentId, TaskPicture Image);

/// <summary>A task of the caller: to be worked on while they hold its lease, else to be looked at. Their own document only, never that of others.</summary>
internal sealed class GetTask(HubDbContext db, CurrentAccess access, TaskViews views)
{
    public async Task<Result<TaskView>> HandleAsync(Guid project, Guid assignmentId, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel); // Kept for all statements: on PostgreSQL every opening costs the one that sets the scope.
        Guid me = access.Actor.Id;
        Assignment? assignment = await db.Set<Assignment>().AsNoTracking().Include(a => a.Task)
            .SingleOrDefaultAsync(a => a.Id == assignmentId && db.Set<Campaign>().Any(c => c.Id == a.CampaignId && c.ProjectId == project), cancel);
        if (assignment is null)
            return HubError.NotFound("The task");
        Annotation? own = await db.Set<Annotation>().AsNoTracking().SingleOrDefaultAsync(a => a.TaskId == assignment.TaskId && a.AuthorId == me, cancel);
        if (assignment.PersonId != me && own is null)
            return HubError.NotFound("The task");
        bool holds = assignment.PersonId == me && assignment.State == AssignmentState.Leased;
        return await views.BuildAsync(assignment, own, holds ? "annotate" : "view", null, cancel);
    }

    public async Task<IReadOnlyList<UpcomingTask>> PicturesAsync(IReadOnlyList<Candidate> slots, CancellationToken cancel)
    {
        Guid[] tasks = [.. slots.Select(s => s.TaskId)];
        var images = await (from task in db.Set<AnnotationTask>() where tasks.Contains(task.Id) join image in db.Set<Image>() on task.ImageId equals image.Id select new { task.Id, Image = image })
            .AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.Image, cancel);
        return [.. slots.Where(s => images.ContainsKey(s.TaskId)).Select(s => new UpcomingTask(s.AssignmentId, TaskPicture.Of(images[s.TaskId])))];
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects/{project}/tasks/{assignment:guid}", async (Guid assignment, GetTask handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), assignment, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAnnotate).Produces<TaskView>().WithTags("Tasks").WithName("GetTask").WithSummary("Everything the canvas needs of one of your tasks.");
        routes.MapGet("/projects/{project}/campaigns/{campaign:guid}/upcoming", async (Guid campaign, PullTask pull, GetTask handler, HttpContext http) =>
            {
                Result<IReadOnlyList<Candidate>> slots = await pull.UpcomingAsync(campaign, 3, http.RequestAborted);
                return slots.Succeeded ? TypedResults.Ok(await handler.PicturesAsync(slots.Value, http.RequestAborted)) : slots.Error.ToProblem();
            })
            .Requires(HubAction.TasksAnnotate).Produces<IReadOnlyList<UpcomingTask>>().WithTags("Tasks").WithName("UpcomingTasks").WithSummary("What you would get next, to fetch images ahead; nothing is taken.");
    }
}
