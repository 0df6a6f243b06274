using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="Today">Images submitted or skipped on the organization's calendar day.</param>
/// <param name="SecondsPerImage">Mean active time; null before the first.</param>
internal sealed record PoolRow(
    Guid PersonId, string Name, bool InPool, bool IsPaused, int? QuotaPerDay, IReadOnlyList<string>? Classes, IReadOnlyList<string> Teams,
    int Today, int Submitted, int Skipped, int Accepted, int Fixed, int Rejected, double? SecondsPerImage);

internal sealed record CampaignDetail(
    CampaignRow Campaign, string Guidelines, CampaignRules Rules, ImageFilter? Filter, DateOnly Today, Forecast Forecast, IReadOnlyList<PoolRow> People, IReadOnlyList<Guid> Teams);

/// <summary>What somebody who works in the campaign needs to know of it.</summary>
internal sealed record CampaignBrief(Guid Id, Guid ProjectId, string Name, string Guidelines, CampaignRules Rules);

internal sealed class GetCampaign(HubDbContext db, Counters counters, TimeProvider time)
{
    public async Task<Result<CampaignDetail>> HandleAsync(Guid project, Guid campaignId, CancellationToken cancel)
    {
        Campaign? c = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(one => one.Id == campaignId && one.ProjectId == project, cancel);
        if (c is null)
            return HubError.NotFound("The campaign");
        CampaignTotals totals = CampaignTotals.Of(await db.Set<CampaignTotal>().AsNoTracking().Where(t => t.CampaignId == campaignId).ToListAsync(cancel));
        List<CampaignDay> days = await db.Set<CampaignDay>().AsNoTracking().Where(d => d.CampaignId == campaignId).ToListAsync(cancel);
        DateOnly today = await counters.DayAsync(c.OrganizationId, time.GetUtcNow(), cancel);
        Dictionary<DateOnly, int> answers = days.GroupBy(d => d.Day).ToDictionary(g => g.Key, g => g.Sum(d => d.Submitted - d.Rejected));
        double perImage = 1 + (c.Rules.OverlapShare * (c.Rules.OverlapCount - 1));
        CampaignRow row = new(c.Id, c.OrganizationId, c.ProjectId, c.Name, c.State, c.Target, c.DueOn, c.CreatedAt, totals);
        return new CampaignDetail(row, c.Guidelines, c.Rules, c.Filter, today, Forecast.Of(today, answers, perImage, totals.Done, c.Target, c.DueOn), await PeopleAsync(campaignId, days, today, cancel),
            await db.Set<CampaignTeam>().Where(t => t.CampaignId == campaignId).Select(t => t.TeamId).ToListAsync(cancel));
    }

    public async Task<Result<CampaignBrief>> BriefAsync(Guid project, Guid campaign, CancellationToken cancel) =>
        await db.Set<Campaign>().Where(c => c.Id == campaign && c.ProjectId == project).Select(c => new CampaignBrief(c.Id, c.ProjectId, c.Name, c.Guidelines, c.Rules)).SingleOrDefaultAsync(cancel)
            is { } brief ? brief : HubError.NotFound("The campaign");

    // The pool, and whoever worked in it before they left it.
    private async Task<List<PoolRow>> PeopleAsync(Guid campaign, List<CampaignDay> days, DateOnly today, CancellationToken cancel)
    {
        Dictionary<Guid, PoolPerson> members = (await CampaignPool.ReadAsync(db, campaign, cancel)).ToDictionary(p => p.PersonId);
        ILookup<Guid, CampaignDay> worked = days.ToLookup(d => d.PersonId);
        Guid[] people = [.. members.Keys.Union(worked.Select(w => w.Key))];
        var names = await db.Users.Where(u => people.Contains(u.Id)).Select(u => new { u.Id, u.DisplayName }).ToListAsync(cancel);
        return [.. names.OrderBy(n => n.DisplayName, StringComparer.CurrentCultureIgnoreCase).Select(n => Row(n.Id, n.DisplayName, members.GetValueOrDefault(n.Id), [.. worked[n.Id]], today))];
    }

    private static PoolRow Row(Guid person, string name, PoolPerson? member, List<CampaignDay> days, DateOnly today)
    {
        int answered = days.Sum(d => d.Submitted + d.Skipped);
        return new(person, name, member is not null, member?.IsPaused ?? false, member?.QuotaPerDay, member?.Skills.Classes, member?.Teams ?? [],
            days.Where(d => d.Day == today).Sum(d => d.Submitted + d.Skipped), days.Sum(d => d.Submitted), days.Sum(d => d.Skipped),
            days.Sum(d => d.Accepted), days.Sum(d => d.Fixed), days.Sum(d => d.Rejected), answered == 0 ? null : days.Sum(d => d.ActiveMilliseconds) / 1000.0 / answered);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/campaigns/{campaign:guid}", async (Guid campaign, GetCampaign handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, http.RequestAborted)).ToOk())
        .Requires(HubAction.ProgressRead).Produces<CampaignDetail>().WithTags("Campaigns").WithName("GetCampaign").WithSummary("One campaign: totals, rules, forecast, and what each person did.");
}
