using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

internal sealed record CampaignStateRequest(CampaignState State);

/// <summary>Start, pause, finish, and back: finished work is never touched by it.</summary>
internal sealed class ChangeCampaignState(HubDbContext db, TimeProvider time, SeedGold gold)
{
    public async Task<Result<Done>> HandleAsync(Guid project, Guid campaignId, CampaignState state, CancellationToken cancel)
    {
        Campaign? campaign = await db.Set<Campaign>().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        if (campaign.State == state)
            return default(Done);
        if (state == CampaignState.Draft)
            return HubError.Invalid("state", "A campaign that has run does not become a draft again. Pause it instead.");
        if (state == CampaignState.Running && await WhyNotAsync(campaign, cancel) is { } missing)
            return missing;
        campaign.State = state;
        campaign.Epoch++;
        campaign.FinishedAt = state == CampaignState.Finished ? time.GetUtcNow() : null;
        await db.SaveChangesAsync(cancel);
        if (state == CampaignState.Running)
            await gold.EnsureAsync(campaign, cancel);
        return default(Done);
    }

    private async Task<HubError?> WhyNotAsync(Campaign campaign, CancellationToken cancel)
    {
        if (!await db.Set<CampaignMember>().AnyAsync(m => m.CampaignId == campaign.Id, cancel) && !await CampaignPool.Teams(db, campaign.Id).AnyAsync(cancel))
            return HubError.Invalid("people", "Nobody is in the pool of annotators yet. Add at least one person, then start.");
        return await db.Set<CampaignTotal>().Where(t => t.CampaignId == campaign.Id).SumAsync(t => t.Tasks, cancel) == 0
            ? HubError.Invalid("images", "The campaign has no images yet. Change its filter so that it finds some, then start.")
            : null;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/projects/{project}/campaigns/{campaign:guid}/state", async (Guid campaign, CampaignStateRequest body, ChangeCampaignState handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, body.State, http.RequestAborted)).ToOk())
        .Requires(HubAction.CampaignsEdit).Produces(204).WithTags("Campaigns").WithName("ChangeCampaignState").WithSummary("Starts, pauses, resumes or finishes a campaign.");
}
