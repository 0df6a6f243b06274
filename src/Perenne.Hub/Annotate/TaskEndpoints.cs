using System.Collections.Immutable;
using Microsoft.AspNetCore.Mvc;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>The annotator's endpoints: thin, so that pages and programs take the same way.</summary>
internal static class TaskEndpoints
{
    internal sealed record SaveBody(long Fence, int BaseRevision, ImmutableArray<Operation> Operations);

    internal sealed record SubmitBody(string Id, long Fence, int BaseRevision, long ActiveMilliseconds);

    internal sealed record SkipBody(string Id, long Fence, int BaseRevision, long ActiveMilliseconds, SkipReason Reason, string? Text = null);

    internal sealed record ReleaseBody(long Fence);

    internal sealed record PulledTask(Guid AssignmentId, long Fence, DateTimeOffset ExpiresAt, TaskView? Task = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder tasks = (RouteGroupBuilder)routes.MapGroup("/projects/{project}").WithTags("Tasks");
        tasks.MapPost("/campaigns/{campaign:guid}/next", async (Guid campaign, [FromQuery] Guid[]? prefer, [FromQuery] bool? view, PullTask handler, GetTask get, HttpContext http) =>
            {
                Result<Lease> pulled = await handler.HandleAsync(campaign, prefer ?? [], http.RequestAborted);
                if (!pulled.Succeeded || view != true)
                    return pulled.Map(lease => new PulledTask(lease.AssignmentId, lease.Fence, lease.ExpiresAt)).ToOk();
                return (await get.HandleAsync(http.ProjectId(), pulled.Value.AssignmentId, http.RequestAborted)).Map(task => new PulledTask(pulled.Value.AssignmentId, pulled.Value.Fence, pulled.Value.ExpiresAt, task)).ToOk();
            })
            .Requires(HubAction.TasksAnnotate).Produces<PulledTask>().WithName("PullTask")
            .WithSummary("The next task for you: a lease on one slot, exclusively yours until it expires; with view=true all that the canvas needs of it too.");
        tasks.MapPost("/tasks/{assignment:guid}/operations", async (Guid assignment, SaveBody body, SaveTask handler, CancellationToken cancel) =>
                (await handler.HandleAsync(new(assignment, body.Fence, body.BaseRevision, body.Operations), cancel)).ToOk())
            .Requires(HubAction.TasksAnnotate).WithName("SaveOperations").WithSummary("Applies operations once each; safe to repeat.");
        tasks.MapPost("/tasks/{assignment:guid}/submit", async (Guid assignment, SubmitBody body, SubmitTask handler, CancellationToken cancel) =>
                (await handler.HandleAsync(new(body.Id, assignment, body.Fence, body.BaseRevision, body.ActiveMilliseconds), cancel)).ToOk())
            .Requires(HubAction.TasksAnnotate).WithName("SubmitTask").WithSummary("Finishes the task with the saved document.");
        tasks.MapPost("/tasks/{assignment:guid}/skip", async (Guid assignment, SkipBody body, SkipTask handler, CancellationToken cancel) =>
                (await handler.HandleAsync(new(new(body.Id, assignment, body.Fence, body.BaseRevision, body.ActiveMilliseconds), body.Reason, body.Text), cancel)).ToOk())
            .Requires(HubAction.TasksAnnotate).WithName("SkipTask").WithSummary("Says that the image cannot be annotated, with a coded reason.");
        tasks.MapPost("/tasks/{assignment:guid}/release", async (Guid assignment, ReleaseBody body, ReleaseTask handler, CancellationToken cancel) =>
                (await handler.HandleAsync(assignment, body.Fence, cancel)).ToOk())
            .Requires(HubAction.TasksAnnotate).WithName("ReleaseTask").WithSummary("Gives the task back to the queue; your draft is kept.");
    }
}
