using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Progress;

/// <summary>
/// Counters that the working transactions keep, so that progress costs the same at a thousand and at a million tasks.
/// The upsert is the same text on SQLite and PostgreSQL. A recount from the facts proves them in the tests.
/// </summary>
internal sealed class Counters(HubDbContext db)
{
    public async Task SubmittedAsync(Assignment assignment, DateTimeOffset now, CancellationToken cancel) =>
        await AnsweredAsync(assignment, await DayAsync(assignment.OrganizationId, now, cancel), cancel);

    public async Task SkippedAsync(Assignment assignment, DateTimeOffset now, CancellationToken cancel) =>
        await GivenUpAsync(assignment, await DayAsync(assignment.OrganizationId, now, cancel), cancel);

    /// <summary>On the author's day: what became of their work, whoever decided.</summary>
    public async Task ReviewedAsync(Assignment a, ReviewVerdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        DateOnly day = await DayAsync(a.OrganizationId, now, cancel);
        int accepted = verdict == ReviewVerdict.Accepted ? 1 : 0, corrected = verdict == ReviewVerdict.Fixed ? 1 : 0, rejected = verdict == ReviewVerdict.Rejected ? 1 : 0;
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO campaign_days (campaign_id, person_id, day, organization_id, submitted, skipped, accepted, fixed, rejected, active_milliseconds)
            VALUES ({a.CampaignId}, {a.PersonId}, {day}, {a.OrganizationId}, 0, 0, {accepted}, {corrected}, {rejected}, 0)
            ON CONFLICT (campaign_id, person_id, day) DO UPDATE SET
                accepted = campaign_days.accepted + excluded.accepted,
                fixed = campaign_days.fixed + excluded.fixed,
                rejected = campaign_days.rejected + excluded.rejected
            """, cancel);
    }

    public async Task TaskMovedAsync(Guid organization, Guid campaign, TaskState from, TaskState to, CancellationToken cancel)
    {
        await AddTotalAsync(organization, campaign, from, -1, cancel);
        await AddTotalAsync(organization, campaign, to, 1, cancel);
    }

    public Task AddTotalAsync(Guid organization, Guid campaign, TaskState state, int tasks, CancellationToken cancel)
    {
        string name = state.ToString();
        return db.Database.ExecuteSqlAsync($"""
            INSERT INTO campaign_totals (campaign_id, state, organization_id, tasks) VALUES ({campaign}, {name}, {organization}, {tasks})
            ON CONFLICT (campaign_id, state) DO UPDATE SET tasks = campaign_totals.tasks + excluded.tasks
            """, cancel);
    }

    /// <summary>The organization's calendar day of an instant.</summary>
    public async Task<DateOnly> DayAsync(Guid organization, DateTimeOffset at, CancellationToken cancel)
    {
        string zone = await db.Set<Organization>().Where(o => o.Id == organization).Select(o => o.TimeZone).SingleAsync(cancel);
        return LocalDay.Of(at, zone);
    }

    /// <summary>Median seconds of an answer of each person; people without one are missing.</summary>
    public async Task<Dictionary<Guid, double>> MediansAsync(Guid campaign, CancellationToken cancel)
    {
        List<CampaignPace> paces = await db.Set<CampaignPace>().AsNoTracking().Where(p => p.CampaignId == campaign).ToListAsync(cancel);
        return paces.GroupBy(p => p.PersonId).Select(g => (g.Key, Median: PaceSteps.Median(g.Select(p => (p.Step, p.Answers)))))
            .Where(g => g.Median is not null).ToDictionary(g => g.Key, g => g.Median!.Value);
    }

    private async Task AnsweredAsync(Assignment a, DateOnly day, CancellationToken cancel)
    {
        await AddAsync(a, day, 1, 0, cancel);
        if (a.CountedMilliseconds > 0)
            return; // Work that came back: its first time is the one that counts.
        int step = PaceSteps.Of(a.ActiveMilliseconds);
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO campaign_paces (campaign_id, person_id, step, organization_id, answers) VALUES ({a.CampaignId}, {a.PersonId}, {step}, {a.OrganizationId}, 1)
            ON CONFLICT (campaign_id, person_id, step) DO UPDATE SET answers = campaign_paces.answers + 1
            """, cancel);
    }

    private async Task GivenUpAsync(Assignment a, DateOnly day, CancellationToken cancel)
    {
        await AddAsync(a, day, 0, 1, cancel);
        string reason = (a.SkipReason ?? SkipReason.Other).ToString();
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO campaign_skips (campaign_id, day, reason, organization_id, images) VALUES ({a.CampaignId}, {day}, {reason}, {a.OrganizationId}, 1)
            ON CONFLICT (campaign_id, day, reason) DO UPDATE SET images = campaign_skips.images + 1
            """, cancel);
    }

    private Task<int> AddAsync(Assignment a, DateOnly day, int submitted, int skipped, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        INSERT INTO campaign_days (campaign_id, person_id, day, organization_id, submitted, skipped, accepted, fixed, rejected, active_milliseconds)
        VALUES ({a.CampaignId}, {a.PersonId}, {day}, {a.OrganizationId}, {submitted}, {skipped}, 0, 0, 0, {a.ActiveMilliseconds - a.CountedMilliseconds})
        ON CONFLICT (campaign_id, person_id, day) DO UPDATE SET
            submitted = campaign_days.submitted + excluded.submitted,
            skipped = campaign_days.skipped + excluded.skipped,
            active_milliseconds = campaign_days.active_milliseconds + excluded.active_milliseconds
        """, cancel);
}
