using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree.Adjudicate;

internal static class AdjudicationEndpoints
{
    internal sealed record PickBody(int BaseRevision, ImmutableArray<Operation> Operations);

    internal sealed record RestoreBody(Guid TruthId);

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder disputes = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/adjudications").WithTags("Adjudication");
        disputes.MapPost("/next", async (Guid? campaign, AdjudicationQueue handler, HttpContext http) => (await handler.NextAsync(http.ProjectId(), campaign, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).WithName("NextDispute").WithSummary("The next image whose annotators disagree, held for 30 minutes; never one that you annotated.");
        disputes.MapGet("/{task:guid}", async (Guid task, OpenDispute handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), task, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).Produces<TaskView>().WithName("GetDispute").WithSummary("Everything the canvas needs to pick shape by shape among the answers.");
        disputes.MapPost("/{task:guid}/operations", async (Guid task, PickBody body, SaveAdjudication handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), task, body.BaseRevision, body.Operations, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).WithName("SavePicks").WithSummary("Saves what was picked so far, once each; the answers themselves never change.");
        disputes.MapPost("/{task:guid}/submit", async (Guid task, AdjudicationDecision body, DecideAdjudication handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), task, body, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).WithName("DecideDispute").WithSummary("Makes what was picked the ground truth of the image.");
        disputes.MapGet("/{task:guid}/answers", async (Guid task, CompareAnswers handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), task, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).Produces<AnswerComparison>().WithName("CompareAnswers").WithSummary("All answers to one image, each shape with how far the others share it.");
        disputes.MapGet("/{task:guid}/history", async (Guid task, TruthHistory handler, HttpContext http) => (await handler.ReadAsync(http.ProjectId(), task, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).Produces<IReadOnlyList<TruthStep>>().WithName("TruthHistory").WithSummary("What stood as the image's ground truth, the newest first.");
        disputes.MapPost("/{task:guid}/reopen", async (Guid task, TruthHistory handler, HttpContext http) => (await handler.ReopenAsync(http.ProjectId(), task, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).Produces(204).WithName("ReopenDispute").WithSummary("Withdraws the ground truth and asks again; the history keeps it.");
        disputes.MapPost("/{task:guid}/restore", async (Guid task, RestoreBody body, TruthHistory handler, HttpContext http) =>
                (await handler.RestoreAsync(http.ProjectId(), task, body.TruthId, http.RequestAborted)).ToOk())
            .Requires(HubAction.TasksAdjudicate).Produces(204).WithName("RestoreTruth").WithSummary("Puts an earlier ground truth in its place again.");
    }
}

/// <summary>A dispute as the canvas reads it: an own, so far empty document, and the answers over each other to pick from.</summary>
internal sealed class OpenDispute(HubDbContext db, AdjudicationAccess disputes, TaskViews views)
{
    public async Task<Result<TaskView>> HandleAsync(Guid project, Guid taskId, CancellationToken cancel)
    {
        Result<Disputed> found = await disputes.LoadAsync(project, taskId, decides: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        (AnnotationTask task, _, Annotation? draft) = found.Value;
        List<SubmittedAnswer> answers = await TaskAnswers.ReadAsync(db, [taskId], cancel);
        Guid[] people = [.. answers.Select(a => a.PersonId)];
        Dictionary<Guid, string> names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        Assignment place = new() { Id = task.Id, OrganizationId = task.OrganizationId, CampaignId = task.CampaignId, TaskId = task.Id, Slot = 0, QueueKey = 0, Task = task };
        Result<TaskView> view = await views.BuildAsync(place, draft, "adjudicate", null, cancel);
        return view.Map(v => v with
        {
            Mode = "annotate",

            // What annotators must not see before their own first shape is what an adjudicator picks from.
            Proposals = null,
            ProposalsAfterFirstShape = false,
            // Two people of one name are told apart.
            Others = [.. answers.Select((a, i) => new OtherAnswer(answers.Count(b => names.GetValueOrDefault(b.PersonId) == names.GetValueOrDefault(a.PersonId)) > 1
                ? $"{names.GetValueOrDefault(a.PersonId, "?")} {i + 1}" : names.GetValueOrDefault(a.PersonId, "?"), a.Document))],
        });
    }
}
