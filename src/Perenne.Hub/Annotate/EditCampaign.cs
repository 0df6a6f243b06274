using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>Everything of a campaign may change while it runs. Tasks that exist keep their place and overlap; new ones follow the new rules.</summary>
internal sealed class EditCampaign(HubDbContext db, FillCampaign fill, SeedGold gold)
{
    /// <param name="wanted">Its filter replaces the stored one; null keeps it. People are set one by one.</param>
    public async Task<Result<CampaignCreated>> HandleAsync(Guid project, Guid campaignId, CampaignDraft wanted, CancellationToken cancel)
    {
        if (CampaignInput.Problem(wanted) is { } problem)
            return problem;
        Campaign? campaign = await db.Set<Campaign>().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        (campaign.Name, campaign.Guidelines, campaign.Target, campaign.DueOn) = (wanted.Name.Trim(), wanted.Guidelines, wanted.Target, wanted.DueOn);
        campaign.Rules = wanted.Rules ?? campaign.Rules;
        campaign.Filter = wanted.Filter ?? campaign.Filter;
        await db.SaveChangesAsync(cancel);
        await NextEpochAsync(db, campaignId, cancel);
        await gold.EnsureAsync(campaign, cancel);
        return new CampaignCreated(campaignId, campaign.State == CampaignState.Finished ? 0 : await fill.HandleAsync(campaignId, int.MaxValue, cancel));
    }

    internal static Task NextEpochAsync(HubDbContext db, Guid campaign, CancellationToken cancel) =>
        db.Set<Campaign>().Where(c => c.Id == campaign).ExecuteUpdateAsync(set => set.SetProperty(c => c.Epoch, c => c.Epoch + 1), cancel);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/projects/{project}/campaigns/{campaign:guid}", async (Guid campaign, CampaignDraft draft, EditCampaign handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, draft, http.RequestAborted)).ToOk())
        .Requires(HubAction.CampaignsEdit).WithTags("Campaigns").WithName("EditCampaign").WithSummary("Changes name, target, date, guidelines, rules and image filter; takes in images up to the new target.");
}
