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
        await AddAsync(assignment, await DayAsync(assignment.OrganizationId, now, cancel), 1, 0, cancel);

    public async Task SkippedAsync(Assignment assignment, DateTimeOffset now, CancellationToken cancel) =>
        await AddAsync(assignment, await DayAsync(assignment.OrganizationId, now, cancel), 0, 1, cancel);

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

    private Task<int> AddAsync(Assignment a, DateOnly day, int submitted, int skipped, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        INSERT INTO campaign_days (campaign_id, person_id, day, organization_id, submitted, skipped, accepted, fixed, rejected, active_milliseconds)
        VALUES ({a.CampaignId}, {a.PersonId}, {day}, {a.OrganizationId}, {submitted}, {skipped}, 0, 0, 0, {a.ActiveMilliseconds - a.CountedMilliseconds})
        ON CONFLICT (campaign_id, person_id, day) DO UPDATE SET
            submitted = campaign_days.submitted + excluded.submitted,
            skipped = campaign_days.skipped + excluded.skipped,
            active_milliseconds = campaign_days.active_milliseconds + excluded.active_milliseconds
        """, cancel);
}
