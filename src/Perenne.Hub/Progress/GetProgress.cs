using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Progress;

/// <summary>How a campaign goes: read from counters that the working transactions keep, so it is never behind and costs the same at any number of tasks.</summary>
internal sealed class GetProgress(HubDbContext db, Counters counters, GoldTasks gold, TimeProvider time)
{
    private const int Head = 64;

    public async Task<Result<ProgressReport>> HandleAsync(Guid project, Guid campaignId, int days, CancellationToken cancel)
    {
        if (days is < 1 or > 366)
            return HubError.Invalid("days", "Progress is shown over 1 to 366 days.");
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        DateOnly today = await counters.DayAsync(campaign.OrganizationId, time.GetUtcNow(), cancel), from = today.AddDays(1 - days);
        ProgressFacts facts = new()
        {
            Campaign = campaign,
            Today = today,
            From = from,
            Totals = CampaignTotals.Of(await db.Set<CampaignTotal>().AsNoTracking().Where(t => t.CampaignId == campaignId).ToListAsync(cancel)),
            Days = await db.Set<CampaignDay>().AsNoTracking().Where(d => d.CampaignId == campaignId).ToListAsync(cancel),
            Skips = await db.Set<CampaignSkip>().AsNoTracking().Where(s => s.CampaignId == campaignId && s.Day >= from).OrderBy(s => s.Day).ToListAsync(cancel),
            Paces = await db.Set<CampaignPace>().AsNoTracking().Where(p => p.CampaignId == campaignId).ToListAsync(cancel),
            Pairs = await db.Set<AgreementTotal>().AsNoTracking().Where(t => t.CampaignId == campaignId).ToListAsync(cancel),
            Gold = await gold.ScoresAsync(project, campaignId, cancel),
            Pool = await CampaignPool.ReadAsync(db, campaignId, cancel),
        };
        Guid[] people = [.. facts.Pool.Select(p => p.PersonId).Union(facts.Days.Select(d => d.PersonId))];
        facts.Names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        facts.Blocked = await BlockedAsync(facts, cancel);
        return facts.Report();
    }

    private async Task<Dictionary<Guid, Blockage>> BlockedAsync(ProgressFacts facts, CancellationToken cancel)
    {
        Campaign campaign = facts.Campaign;
        HashSet<Guid> busy = [.. await db.Set<Assignment>().Where(a => a.CampaignId == campaign.Id && a.PersonId != null && (a.State == AssignmentState.Leased || a.State == AssignmentState.Returned))
            .Select(a => a.PersonId!.Value).Distinct().ToListAsync(cancel)];
        HashSet<Guid> reserved = [.. await db.Set<Assignment>().Where(a => a.CampaignId == campaign.Id && a.ReservedFor != null && a.State == AssignmentState.Free)
            .Select(a => a.ReservedFor!.Value).Distinct().ToListAsync(cancel)];

        // The head of the queue answers for nearly everybody, so that two hundred people cost no more than two.
        List<Candidate> head = await FreeSlots.ReadAsync(db, campaign, FreeSlots.Unreserved(db, campaign), Head, cancel);
        Dictionary<Guid, Blockage> blocked = [];
        foreach (PoolPerson person in facts.Pool)
        {
            Annotator annotator = new(person.PersonId, person.IsPaused, person.QuotaPerDay, facts.DoneToday(person.PersonId), person.Skills);
            Blockage? why = Distribution.MayPull(campaign.State, campaign.Rules, annotator) switch
            {
                Standstill.PersonPaused => Blockage.Paused,
                Standstill.QuotaReached => Blockage.QuotaReached,
                Standstill.CampaignNotRunning => Blockage.CampaignNotRunning,
                _ when busy.Contains(person.PersonId) || reserved.Contains(person.PersonId) || head.Any(slot => Distribution.MayTake(campaign.Rules, annotator, slot)) => null,
                _ when head.Count == Head && await HasWorkAsync(campaign, annotator, cancel) => null,
                _ => Blockage.NothingForThem,
            };
            if (why is { } reason)
                blocked[person.PersonId] = reason;
        }

        return blocked;
    }

    private async Task<bool> HasWorkAsync(Campaign campaign, Annotator person, CancellationToken cancel)
    {
        List<Candidate> first = await FreeSlots.ReadAsync(db, campaign, FreeSlots.Free(db, campaign, person.Id, 0), Head, cancel);
        return first.Any(slot => Distribution.MayTake(campaign.Rules, person, slot));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/campaigns/{campaign:guid}/progress", async (Guid campaign, int? days, GetProgress handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, days ?? 28, http.RequestAborted)).ToOk())
        .Requires(HubAction.ProgressRead).Produces<ProgressReport>().WithTags("Campaigns").WithName("GetProgress")
        .WithSummary("Done and target with a forecast, work per day, person and team, skips with reasons, acceptance, pace, agreement, and who is blocked.");
}
