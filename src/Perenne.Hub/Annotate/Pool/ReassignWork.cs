using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="To">Null: back to the queue, for anybody.</param>
internal sealed record ReassignRequest(Guid? To);

/// <param name="Slots">Tasks that changed hands.</param>
internal sealed record Reassigned(int Slots);

/// <summary>What a person holds (at work on, sent back to, reserved for) goes to somebody else or to everybody. Their drafts stay theirs; gold tasks stay where they are.</summary>
internal sealed class ReassignWork(HubDbContext db)
{
    public async Task<Result<Reassigned>> HandleAsync(Guid project, Guid campaignId, Guid person, Guid? to, CancellationToken cancel)
    {
        if (!await db.Set<Campaign>().AnyAsync(c => c.Id == campaignId && c.ProjectId == project, cancel))
            return HubError.NotFound("The campaign");
        if (to == person)
            return HubError.Invalid("to", "These tasks are this person's already. Name somebody else, or nobody.");
        if (to is { } other && await CampaignPool.FindAsync(db, campaignId, other, cancel) is null)
            return HubError.Invalid("to", "This person is not in the campaign's pool. Add them first.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // Who answered an image already does not get it a second time: such a task goes to everybody else.
        var held = db.Set<Assignment>().Where(a => a.CampaignId == campaignId && a.Task!.GoldTruthId == null
            && ((a.PersonId == person && (a.State == AssignmentState.Leased || a.State == AssignmentState.Returned)) || (a.ReservedFor == person && a.State == AssignmentState.Free)));
        List<Guid> slots = await held.Select(a => a.Id).ToListAsync(cancel);
        // Asked again: what was handed in, or taken by somebody else, since it was read stays as it is.
        int moved = await db.Set<Assignment>().Where(a => slots.Contains(a.Id) && (a.PersonId == person
            ? a.State == AssignmentState.Leased || a.State == AssignmentState.Returned : a.PersonId == null && a.State == AssignmentState.Free)).ExecuteUpdateAsync(
            set => set.SetProperty(a => a.State, AssignmentState.Free)
                .SetProperty(a => a.PersonId, (Guid?)null)
                .SetProperty(a => a.ReservedFor, a => to != null && db.Set<Assignment>().Any(b => b.TaskId == a.TaskId && b.PersonId == to) ? null : to)
                .SetProperty(a => a.Fence, a => a.Fence + 1)
                .SetProperty(a => a.LeaseExpiresAt, (DateTimeOffset?)null), cancel);
        await EditCampaign.NextEpochAsync(db, campaignId, cancel);
        await transaction.CommitAsync(cancel);
        return new Reassigned(moved);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/campaigns/{campaign:guid}/members/{person:guid}/reassign", async (Guid campaign, Guid person, ReassignRequest body, ReassignWork handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, person, body.To, http.RequestAborted)).ToOk())
        .Requires(HubAction.CampaignsEdit).Produces<Reassigned>().WithTags("Campaigns").WithName("ReassignWork")
        .WithSummary("Gives what a person holds to somebody else of the pool, or back to the queue; drafts stay with their author.");
}
