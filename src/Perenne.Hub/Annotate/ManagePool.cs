using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="IsPaused">Gets no new task until it is lifted; what is leased may be finished.</param>
/// <param name="QuotaPerDay">Null: that of the campaign's rules.</param>
/// <param name="Classes">Label classes this person may judge; null: all.</param>
internal sealed record PoolMember(bool IsPaused = false, int? QuotaPerDay = null, IReadOnlyList<string>? Classes = null);

internal sealed record PoolCandidate(Guid PersonId, string Name);

/// <summary>The people a campaign's tasks go to.</summary>
internal sealed class ManagePool(HubDbContext db, TimeProvider time)
{
    private static readonly Role[] MayAnnotate = [.. RightsTable.RolesFor(HubAction.TasksAnnotate)];

    /// <summary>People of the organization whose role lets them annotate in this project.</summary>
    public Task<List<PoolCandidate>> CandidatesAsync(Guid organization, Guid project, CancellationToken cancel) => (
        from user in db.Users
        where user.DisabledAt == null && db.Set<Membership>().Any(m => m.UserId == user.Id && m.OrganizationId == organization
            && (m.ProjectId == null || m.ProjectId == project) && MayAnnotate.Contains(m.Role))
        orderby user.DisplayName, user.Id
        select new PoolCandidate(user.Id, user.DisplayName)).ToListAsync(cancel);

    public async Task<IReadOnlyList<Guid>> EligibleAsync(Guid organization, Guid project, IReadOnlyList<Guid> people, CancellationToken cancel) =>
        people.Count == 0 ? [] : [.. (await CandidatesAsync(organization, project, cancel)).Select(c => c.PersonId).Where(people.Contains)];

    public async Task<Result<Done>> SetAsync(Guid project, Guid campaignId, Guid person, PoolMember wanted, CancellationToken cancel)
    {
        if (wanted.QuotaPerDay is <= 0)
            return HubError.Invalid("quotaPerDay", "A quota is at least one image a day; leave it empty for no limit.");
        Campaign? campaign = await db.Set<Campaign>().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        CampaignMember? member = await db.Set<CampaignMember>().SingleOrDefaultAsync(m => m.CampaignId == campaignId && m.PersonId == person, cancel);
        if (member is null)
        {
            if ((await EligibleAsync(campaign.OrganizationId, project, [person], cancel)).Count == 0)
                return HubError.Invalid("person", "This person has no role that annotates in this organization and project. Give them one first.");
            member = new() { CampaignId = campaignId, PersonId = person, OrganizationId = campaign.OrganizationId, AddedAt = time.GetUtcNow() };
            db.Add(member);
        }

        (member.IsPaused, member.QuotaPerDay, member.Skills) = (wanted.IsPaused, wanted.QuotaPerDay, new(wanted.Classes is { Count: > 0 } classes ? classes : null));
        campaign.Epoch++;
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    /// <summary>Their finished work stays; what they hold runs out with its lease.</summary>
    public async Task<Result<Done>> RemoveAsync(Guid project, Guid campaignId, Guid person, CancellationToken cancel)
    {
        int removed = await db.Set<CampaignMember>()
            .Where(m => m.CampaignId == campaignId && m.PersonId == person && db.Set<Campaign>().Any(c => c.Id == campaignId && c.ProjectId == project)).ExecuteDeleteAsync(cancel);
        await db.Set<Assignment>().Where(a => a.CampaignId == campaignId && a.ReservedFor == person && a.State == AssignmentState.Free && a.Task!.GoldTruthId != null).ExecuteDeleteAsync(cancel);
        if (await CampaignPool.Teams(db, campaignId).AnyAsync(t => t.UserId == person, cancel))
            return HubError.Conflict("in-team", "This person is in the pool through a team. Take the team out of the pool, or the person out of the team; to stop only them, pause them.");
        return removed == 1 ? default(Done) : HubError.NotFound("This person in the pool");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/projects/{project}/campaigns/{campaign:guid}/members/{person:guid}", async (Guid campaign, Guid person, PoolMember body, ManagePool handler, HttpContext http) =>
                (await handler.SetAsync(http.ProjectId(), campaign, person, body, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces(204).WithTags("Campaigns").WithName("SetPoolMember").WithSummary("Adds a person to the pool, pauses them, or sets their quota and classes.");
        routes.MapDelete("/projects/{project}/campaigns/{campaign:guid}/members/{person:guid}", async (Guid campaign, Guid person, ManagePool handler, HttpContext http) =>
                (await handler.RemoveAsync(http.ProjectId(), campaign, person, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces(204).WithTags("Campaigns").WithName("RemovePoolMember").WithSummary("Takes a person out of the pool; finished work stays.");
    }
}
