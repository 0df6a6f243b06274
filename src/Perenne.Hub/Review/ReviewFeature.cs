using System.Collections.Immutable;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Review;

/// <summary>Reviewers: a queue by the campaigns' sampling rule, and their decisions.</summary>
internal static class ReviewFeature
{
    internal sealed record FixBody(int BaseRevision, ImmutableArray<Operation> Operations);

    public static void AddReview(this IServiceCollection services) =>
        services.AddScoped<ReviewQueue>().AddScoped<ReviewAccess>().AddScoped<ShapeReplay>().AddScoped<FixAnswer>().AddScoped<DecideReview>();

    public static void MapReview(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder reviews = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/reviews").WithTags("Reviews");
        reviews.MapPost("/next", async (Guid? campaign, ReviewQueue handler, HttpContext http) => (await handler.NextAsync(http.ProjectId(), campaign, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksReview).WithName("NextReview").WithSummary("The next answer for you to review, held for 30 minutes; never to an image that you annotated.");
        reviews.MapGet("/{assignment:guid}", async (Guid assignment, ReviewAccess handler, TaskViews views, ShapeReplay replay, HttpContext http) =>
            {
                Result<UnderReview> found = await handler.LoadAsync(http.ProjectId(), assignment, holds: true, http.RequestAborted);
                if (!found.Succeeded)
                    return found.Error.ToProblem();
                (Assignment slot, Annotation annotation, AnnotationRevision submitted) = found.Value;
                AnnotationDocument? before = annotation.Document.Equals(submitted.Document) ? null : submitted.Document;
                Result<TaskView> view = await views.BuildAsync(slot, annotation, "review", before, http.RequestAborted);
                IReadOnlyList<ShapeHistory> history = await replay.ReadAsync(annotation, http.RequestAborted);
                return view.Map(v => v with { History = history }).ToOk();
            })
            .Requires(HubAction.TasksReview).Produces<TaskView>().WithName("GetReview").WithSummary("Everything the canvas needs of an answer under review.");
        reviews.MapPost("/{assignment:guid}/operations", async (Guid assignment, FixBody body, FixAnswer handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), assignment, body.BaseRevision, body.Operations, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksReview).WithName("FixAnswer").WithSummary("Applies a reviewer's edits once each; the author stays the author.");
        reviews.MapPost("/{assignment:guid}/accept", async (Guid assignment, ReviewDecision body, DecideReview handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), assignment, accept: true, body, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksReview).WithName("AcceptAnswer").WithSummary("Accepts the answer as it stands, fixes included; makes the ground truth.");
        reviews.MapPost("/{assignment:guid}/reject", async (Guid assignment, ReviewDecision body, DecideReview handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), assignment, accept: false, body, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksReview).WithName("RejectAnswer").WithSummary("Sends the answer back to its author with pinned comments.");
    }
}
