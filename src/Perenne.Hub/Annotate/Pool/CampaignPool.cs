using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <param name="Teams">Names of the teams through which the person is in the pool; empty: by themselves.</param>
internal sealed record PoolPerson(Guid PersonId, bool IsPaused, int? QuotaPerDay, MemberSkills Skills, IReadOnlyList<string> Teams);

/// <summary>Who is in a campaign's pool: people named one by one, and the members of its teams. What is set for a person holds over what their team has.</summary>
internal static class CampaignPool
{
    private static readonly MemberSkills Everything = new(Classes: null);

    public static async Task<PoolPerson?> FindAsync(HubDbContext db, Guid campaign, Guid person, CancellationToken cancel)
    {
        CampaignMember? member = await db.Set<CampaignMember>().AsNoTracking().SingleOrDefaultAsync(m => m.CampaignId == campaign && m.PersonId == person, cancel);
        if (member is not null)
            return new(person, member.IsPaused, member.QuotaPerDay, member.Skills, []);
        return await Teams(db, campaign).AnyAsync(t => t.UserId == person, cancel) ? new(person, false, null, Everything, []) : null;
    }

    /// <summary>The person as the rules see them; null when they are not in the pool.</summary>
    public static async Task<Annotator?> AnnotatorAsync(HubDbContext db, Campaign campaign, Guid person, DateTimeOffset now, CancellationToken cancel)
    {
        if (await FindAsync(db, campaign.Id, person, cancel) is not { } member)
            return null;
        int doneToday = 0;
        if ((member.QuotaPerDay ?? campaign.Rules.QuotaPerDay) is not null)
        {
            string zone = await db.Set<Organization>().Where(o => o.Id == campaign.OrganizationId).Select(o => o.TimeZone).SingleAsync(cancel);
            DateTimeOffset midnight = LocalDay.Midnight(now, zone);
            doneToday = await db.Set<Assignment>().CountAsync(a => a.PersonId == person && a.CampaignId == campaign.Id
                && (a.State == AssignmentState.Submitted || a.State == AssignmentState.Skipped) && a.SubmittedAt >= midnight, cancel);
        }

        return new(person, member.IsPaused, member.QuotaPerDay, doneToday, member.Skills);
    }

    public static async Task<List<PoolPerson>> ReadAsync(HubDbContext db, Guid campaign, CancellationToken cancel)
    {
        List<CampaignMember> members = await db.Set<CampaignMember>().AsNoTracking().Where(m => m.CampaignId == campaign).ToListAsync(cancel);
        var inTeams = (await (from row in Teams(db, campaign) join team in db.Set<Team>() on row.TeamId equals team.Id select new { row.UserId, team.Name }).ToListAsync(cancel))
            .ToLookup(row => row.UserId, row => row.Name);
        HashSet<Guid> named = [.. members.Select(m => m.PersonId)];
        return
        [
            .. members.Select(m => new PoolPerson(m.PersonId, m.IsPaused, m.QuotaPerDay, m.Skills, [.. inTeams[m.PersonId].Order(StringComparer.CurrentCultureIgnoreCase)])),
            .. inTeams.Where(t => !named.Contains(t.Key)).Select(t => new PoolPerson(t.Key, false, null, Everything, [.. t.Order(StringComparer.CurrentCultureIgnoreCase)])),
        ];
    }

    public static IQueryable<TeamMember> Teams(HubDbContext db, Guid campaign) =>
        db.Set<TeamMember>().Where(member => db.Set<CampaignTeam>().Any(t => t.CampaignId == campaign && t.TeamId == member.TeamId));
}
