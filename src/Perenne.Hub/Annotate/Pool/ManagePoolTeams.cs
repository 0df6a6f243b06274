using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>Teams of a campaign's pool.</summary>
internal sealed class ManagePoolTeams(HubDbContext db)
{
    public async Task<Result<Done>> AddAsync(Guid project, Guid campaignId, Guid teamId, CancellationToken cancel)
    {
        Campaign? campaign = await db.Set<Campaign>().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        if (!await db.Set<Team>().AnyAsync(t => t.Id == teamId && t.OrganizationId == campaign.OrganizationId, cancel))
            return HubError.Invalid("team", "The campaign's organization has no such team.");
        if (await db.Set<CampaignTeam>().AnyAsync(t => t.CampaignId == campaignId && t.TeamId == teamId, cancel))
            return default(Done);
        db.Add(new CampaignTeam { CampaignId = campaignId, TeamId = teamId, OrganizationId = campaign.OrganizationId });
        campaign.Epoch++;
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    /// <summary>Its people's finished work stays; what they hold runs out with its lease.</summary>
    public async Task<Result<Done>> RemoveAsync(Guid project, Guid campaignId, Guid teamId, CancellationToken cancel)
    {
        int removed = await db.Set<CampaignTeam>()
            .Where(t => t.CampaignId == campaignId && t.TeamId == teamId && db.Set<Campaign>().Any(c => c.Id == campaignId && c.ProjectId == project)).ExecuteDeleteAsync(cancel);
        return removed == 1 ? default(Done) : HubError.NotFound("This team in the pool");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/projects/{project}/campaigns/{campaign:guid}/teams/{team:guid}", async (Guid campaign, Guid team, ManagePoolTeams handler, HttpContext http) =>
                (await handler.AddAsync(http.ProjectId(), campaign, team, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces(204).WithTags("Campaigns").WithName("AddPoolTeam").WithSummary("Adds a team to the pool: its members now and later.");
        routes.MapDelete("/projects/{project}/campaigns/{campaign:guid}/teams/{team:guid}", async (Guid campaign, Guid team, ManagePoolTeams handler, HttpContext http) =>
                (await handler.RemoveAsync(http.ProjectId(), campaign, team, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces(204).WithTags("Campaigns").WithName("RemovePoolTeam").WithSummary("Takes a team out of the pool; finished work stays.");
    }
}
