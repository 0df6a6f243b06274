using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>Gives leases back: one by its holder, all of a person at sign-out, those that ran out by the clock. Drafts stay with their authors.</summary>
internal sealed class ReleaseTask(HubDbContext db, CurrentAccess access, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(Guid assignment, long fence, CancellationToken cancel)
    {
        int released = await ReleaseAsync(
            db.Set<Assignment>().Where(a => a.Id == assignment && a.Fence == fence && a.PersonId == access.Actor.Id && a.State == AssignmentState.Leased), cancel);
        return released == 1 ? default(Done) : HubError.Conflict("lease-lost", "This task is not yours any more; there was nothing to give back.");
    }

    public Task<int> AllOfAsync(Guid person, CancellationToken cancel) =>
        ReleaseAsync(db.Set<Assignment>().Where(a => a.PersonId == person && a.State == AssignmentState.Leased), cancel);

    /// <param name="grace">How long ago a lease must have run out: who comes back sooner, before anybody wanted the task, goes on with it.</param>
    public Task<int> ExpiredAsync(TimeSpan grace, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow() - grace;
        return ReleaseAsync(db.Set<Assignment>().Where(a => a.State == AssignmentState.Leased && a.LeaseExpiresAt <= now), cancel);
    }

    private async Task<int> ReleaseAsync(IQueryable<Assignment> leases, CancellationToken cancel)
    {
        List<Guid> campaigns = await leases.Select(a => a.CampaignId).Distinct().ToListAsync(cancel);
        if (campaigns.Count == 0)
            return 0;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        int released = await leases.ExecuteUpdateAsync(
            set => set.SetProperty(a => a.State, AssignmentState.Free)
                .SetProperty(a => a.PersonId, (Guid?)null)
                .SetProperty(a => a.Fence, a => a.Fence + 1)
                .SetProperty(a => a.LeaseExpiresAt, (DateTimeOffset?)null), cancel);
        await db.Set<Campaign>().Where(c => campaigns.Contains(c.Id)).ExecuteUpdateAsync(set => set.SetProperty(c => c.Epoch, c => c.Epoch + 1), cancel);
        await transaction.CommitAsync(cancel);
        return released;
    }
}
