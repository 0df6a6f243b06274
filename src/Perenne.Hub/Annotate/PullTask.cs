using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>What a person holds: the assignment and the fence that every write of it must name.</summary>
internal sealed record Lease(Guid AssignmentId, long Fence, DateTimeOffset ExpiresAt);

/// <summary>
/// "Next task": the person's own lease, else a returned one, else the best free slot. One slot changes hands by a single
/// UPDATE that names the fence it saw, so two people never get the same slot, on either database, without a lock held between statements.
/// "Empty" is answered only after every free slot was looked at without losing one to somebody else.
/// </summary>
internal sealed class PullTask(HubDbContext db, CurrentAccess access, TimeProvider time, QueueCursors cursors, FillCampaign fill, GoldTasks gold)
{
    private const int Page = 64;

    /// <param name="prefer">Slots whose images the browser has fetched ahead; taken if they are still free and allowed.</param>
    public async Task<Result<Lease>> HandleAsync(Guid campaignId, IReadOnlyList<Guid> prefer, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel); // Kept for all statements: on PostgreSQL every opening costs the one that sets the scope.
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == access.ProjectId, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        DateTimeOffset now = time.GetUtcNow();
        Annotator? person = await CampaignPool.AnnotatorAsync(db, campaign, access.Actor.Id, now, cancel);
        if (await OwnLeaseAsync(campaign, now, cancel) is { } held)
            return held;
        Standstill standstill = Distribution.MayPull(campaign.State, campaign.Rules, person);
        if (standstill != Standstill.None)
            return Explain(standstill, campaign, person);

        Result<Lease> next = await NextAsync(campaign, person!, prefer, now, cancel);
        if (next.Succeeded)
            await gold.PlanNextAsync(campaign, person!.Id, next.Value.AssignmentId, cancel);
        return next;
    }

    private async Task<Result<Lease>> NextAsync(Campaign campaign, Annotator person, IReadOnlyList<Guid> prefer, DateTimeOffset now, CancellationToken cancel)
    {
        if (await TryPreferredAsync(campaign, person, prefer, now, cancel) is { } foreseen)
            return foreseen;
        if (await TryReservedAsync(campaign, person, now, cancel) is { } reserved)
            return reserved;

        // A pass that lost slots to others proves nothing: look again. Each such pass means that somebody else got a task.
        for (int pass = 0; pass < 20; pass++)
        {
            (Lease? lease, bool lostAny) = await TryPassAsync(campaign, person, now, cancel);
            if (lease is not null)
                return lease;
            if (!lostAny && await fill.TopUpAsync(campaign, cancel) == 0)
                return await ExplainEmptyAsync(campaign, cancel);
        }

        return new HubError("busy", StatusCodes.Status503ServiceUnavailable, "Many people are asking for tasks at this moment. Try again.");
    }

    // The lease that runs (or ran out without anybody taking the slot), else work returned by a reviewer.
    private async Task<Lease?> OwnLeaseAsync(Campaign campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var own = await db.Set<Assignment>().AsNoTracking()
            .Where(a => a.CampaignId == campaign.Id && a.PersonId == access.Actor.Id && (a.State == AssignmentState.Leased || a.State == AssignmentState.Returned))
            .OrderBy(a => a.State == AssignmentState.Leased ? 0 : 1).ThenBy(a => a.QueueKey)
            .Select(a => new { a.Id, a.Fence, a.State, a.LeaseExpiresAt }).FirstOrDefaultAsync(cancel);
        if (own is null)
            return null;
        if (own.State == AssignmentState.Leased && own.LeaseExpiresAt > now)
            return new(own.Id, own.Fence, own.LeaseExpiresAt.Value);
        return await TakeAsync(campaign, own.Id, own.Fence, null, now, cancel);
    }

    /// <summary>What this person would get next, without taking it: the browser fetches these images ahead.</summary>
    public async Task<Result<IReadOnlyList<Candidate>>> UpcomingAsync(Guid campaignId, int count, CancellationToken cancel)
    {
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == access.ProjectId, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        DateTimeOffset now = time.GetUtcNow();
        Annotator? person = await CampaignPool.AnnotatorAsync(db, campaign, access.Actor.Id, now, cancel);
        if (Distribution.MayPull(campaign.State, campaign.Rules, person) != Standstill.None)
            return new List<Candidate>();
        List<Candidate> reserved = await FreeSlots.ReadAsync(db, campaign, FreeSlots.Reserved(db, campaign, person!.Id), count, cancel);
        List<Candidate> page = await FreeSlots.ReadAsync(db, campaign, FreeSlots.Free(db, campaign, person.Id, cursors.StartOf(campaign.Id, person.Id, campaign.Epoch)), Page, cancel);
        return reserved.Where(slot => Distribution.MayTake(campaign.Rules, person, slot)).Concat(Distribution.Choices(campaign.Rules, person, page, Salt(person.Id, now), Page))
            .DistinctBy(slot => slot.AssignmentId).Take(count).ToList();
    }

    private static uint Salt(Guid person, DateTimeOffset now) => (uint)HashCode.Combine(person, now.Ticks);

    private async Task<Lease?> TryPreferredAsync(Campaign campaign, Annotator person, IReadOnlyList<Guid> prefer, DateTimeOffset now, CancellationToken cancel)
    {
        Guid[] wanted = [.. prefer.Take(8)];
        if (wanted.Length == 0)
            return null;
        List<Candidate> free = await FreeSlots.ReadAsync(db, campaign, FreeSlots.Free(db, campaign, person.Id, 0).Where(a => wanted.Contains(a.Id)), wanted.Length, cancel);
        foreach (Candidate slot in free.Where(slot => Distribution.MayTake(campaign.Rules, person, slot)).OrderBy(slot => Array.IndexOf(wanted, slot.AssignmentId)))
        {
            if (await TakeAsync(campaign, slot.AssignmentId, slot.Fence, slot.PartKey, now, cancel) is { } lease)
                return lease;
        }

        return null;
    }

    // Wherever they stand in the queue: the search of the free ones may start behind them.
    private async Task<Lease?> TryReservedAsync(Campaign campaign, Annotator person, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (Candidate slot in await FreeSlots.ReadAsync(db, campaign, FreeSlots.Reserved(db, campaign, person.Id), Page, cancel))
        {
            if (Distribution.MayTake(campaign.Rules, person, slot) && await TakeAsync(campaign, slot.AssignmentId, slot.Fence, slot.PartKey, now, cancel) is { } lease)
                return lease;
        }

        return null;
    }

    private async Task<(Lease? Lease, bool LostAny)> TryPassAsync(Campaign campaign, Annotator person, DateTimeOffset now, CancellationToken cancel)
    {
        bool lostAny = false;
        foreach (bool expired in new[] { false, true })
        {
            long from = expired ? 0 : cursors.StartOf(campaign.Id, person.Id, campaign.Epoch);
            HashSet<Guid> seen = [];
            while (true)
            {
                List<Candidate> page = [.. (await FreeSlots.ReadAsync(
                    db, campaign, expired ? FreeSlots.Expired(db, campaign, from, now) : FreeSlots.Free(db, campaign, person.Id, from), Page, cancel)).Where(slot => seen.Add(slot.AssignmentId))];
                if (page.Count == 0)
                    break;
                foreach (Candidate slot in Distribution.Choices(campaign.Rules, person, page, Salt(person.Id, now), Page))
                {
                    if (await TakeAsync(campaign, slot.AssignmentId, slot.Fence, slot.PartKey, now, cancel) is { } lease)
                        return (lease, lostAny);
                    lostAny = true;
                }

                from = page[^1].QueueKey;
                if (!expired && !lostAny)
                    cursors.NothingBefore(campaign.Id, person.Id, campaign.Epoch, from);
            }
        }

        return (null, lostAny);
    }

    private async Task<Lease?> TakeAsync(Campaign campaign, Guid assignment, long fence, string? partKey, DateTimeOffset now, CancellationToken cancel)
    {
        if (campaign.Rules.SamePartSamePerson && partKey is not null && !await PartOwner.ClaimAsync(db, campaign, partKey, access.Actor.Id, cancel))
            return null;
        DateTimeOffset until = now.AddMinutes(campaign.Rules.LeaseMinutes);
        try
        {
            // The state is asked again, not only the fence: an answer handed in, or a lease prolonged by a save, since the slot was read leaves the fence as it was.
            Guid me = access.Actor.Id;
            int taken = await db.Set<Assignment>().Where(a => a.Id == assignment && a.Fence == fence
                && (a.State == AssignmentState.Free || (a.State == AssignmentState.Leased && (a.LeaseExpiresAt <= now || a.PersonId == me)) || (a.State == AssignmentState.Returned && a.PersonId == me))).ExecuteUpdateAsync(
                set => set.SetProperty(a => a.State, AssignmentState.Leased)
                    .SetProperty(a => a.PersonId, access.Actor.Id)
                    .SetProperty(a => a.Fence, fence + 1)
                    .SetProperty(a => a.ReviewVerdict, (ReviewVerdict?)null)
                    .SetProperty(a => a.LeasedAt, now)
                    .SetProperty(a => a.LeaseExpiresAt, until), cancel);
            return taken == 1 ? new(assignment, fence + 1, until) : null;
        }
        catch (Exception failure) when (DbErrors.IsUniqueViolation(failure))
        {
            // This person got another lease, or another slot of this task, at the same moment (a double click, a second tab).
            return await OwnLeaseAsync(campaign, now, cancel);
        }
    }

    private static HubError Explain(Standstill standstill, Campaign campaign, Annotator? person) => standstill switch
    {
        Standstill.CampaignNotRunning => HubError.Conflict("campaign-not-running", $"The campaign '{campaign.Name}' is {campaign.State.ToString().ToLowerInvariant()}; no tasks are given out."),
        Standstill.NotInPool => HubError.Forbidden($"You are not in the pool of annotators of '{campaign.Name}'. Ask its manager to add you."),
        Standstill.PersonPaused => HubError.Conflict("paused", "Your manager has paused you in this campaign; ask them when it goes on."),
        _ => HubError.Conflict("quota-reached", $"Your quota of {person!.QuotaPerDay ?? campaign.Rules.QuotaPerDay} images for today is reached. Thank you! It goes on tomorrow."),
    };

    private async Task<HubError> ExplainEmptyAsync(Campaign campaign, CancellationToken cancel)
    {
        int free = await db.Set<Assignment>().CountAsync(a => a.CampaignId == campaign.Id && a.State == AssignmentState.Free && a.Task!.GoldTruthId == null, cancel);
        int leased = await db.Set<Assignment>().CountAsync(a => a.CampaignId == campaign.Id && a.State == AssignmentState.Leased && a.Task!.GoldTruthId == null, cancel);
        return new("nothing-left", StatusCodes.Status404NotFound, (free, leased) switch
        {
            (0, 0) => "All images of this campaign are annotated. Thank you!",
            (0, _) => $"Nothing is free at the moment: {leased} tasks are being worked on by others.",
            _ => $"Nothing for you at the moment: {free} tasks wait for other people (you have annotated those images already, or they are reserved or need another skill).",
        });
    }
}
