using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Shared.Work;

/// <summary>Puts work into the table, in the transaction of what asks for it, and claims it with a lease.</summary>
internal sealed class WorkQueue(TimeProvider time, IdSource ids, WorkSignal signal)
{
    public const int MaxAttempts = 6;

    /// <summary>How long after the death of its process work is taken over; renewed while it runs.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Within the caller's transaction, or alone. No-op when the same work waits already.</summary>
    public async Task AddAsync(HubDbContext db, Guid organization, string kind, Guid subject, CancellationToken cancel, TimeSpan delay = default)
    {
        await db.Database.ExecuteSqlAsync($"""
            INSERT INTO work_items (id, organization_id, kind, subject_id, due_at, leased_until, lease_id, attempts, failed)
            VALUES ({ids.Next()}, {organization}, {kind}, {subject}, {Microseconds(time.GetUtcNow() + delay)}, 0, {Guid.Empty}, 0, {false})
            ON CONFLICT (kind, subject_id) DO UPDATE SET failed = {false}, attempts = 0 WHERE work_items.failed
            """, cancel);
        signal.Ring();
    }

    public async Task<List<WorkItem>> ClaimAsync(HubDbContext db, string[] kinds, int count, CancellationToken cancel, TimeSpan? leaseFor = null)
    {
        if (kinds.Length == 0)
            return [];
        long now = Microseconds(time.GetUtcNow()), until = now + (long)(leaseFor ?? Lease).TotalMicroseconds;
        Guid lease = ids.Next();
        // SQLite has one writer: the statement is alone. PostgreSQL passes over rows that another hub is claiming.
        string skip = db is PostgresHubDbContext ? "FOR UPDATE SKIP LOCKED" : "";
        string known = string.Join(", ", kinds.Select((_, i) => $"{{{i + 5}}}"));
        // Chosen once: PostgreSQL may run a plain subquery again for each row it joins it to, pass over what the statement has just changed, and claim more than the limit.
        string sql = $$"""
            WITH chosen AS MATERIALIZED (
                SELECT id FROM work_items WHERE failed = {2} AND kind IN ({{known}}) AND due_at <= {3} AND leased_until <= {3} ORDER BY due_at LIMIT {4} {{skip}})
            UPDATE work_items SET leased_until = {0}, lease_id = {1}, attempts = attempts + 1 WHERE id IN (SELECT id FROM chosen)
            """;
        int claimed = await db.Database.ExecuteSqlRawAsync(sql, [until, lease, false, now, count, .. kinds], cancel);
        return claimed == 0 ? [] : await db.Set<WorkItem>().AsNoTracking().Where(w => w.LeaseId == lease).ToListAsync(cancel);
    }

    /// <param name="leaseFor">Null: <see cref="Lease"/>.</param>
    /// <returns>False: the claim was lost, and whoever worked on it must stop.</returns>
    public async Task<bool> RenewAsync(HubDbContext db, WorkItem item, CancellationToken cancel, TimeSpan? leaseFor = null)
    {
        long until = Microseconds(time.GetUtcNow() + (leaseFor ?? Lease));
        return 1 == await db.Set<WorkItem>().Where(w => w.Id == item.Id && w.LeaseId == item.LeaseId).ExecuteUpdateAsync(set => set.SetProperty(w => w.LeasedUntil, until), cancel);
    }

    public static Task DoneAsync(HubDbContext db, WorkItem item, CancellationToken cancel) =>
        db.Set<WorkItem>().Where(w => w.Id == item.Id && w.LeaseId == item.LeaseId).ExecuteDeleteAsync(cancel);

    /// <summary>For work that comes back by itself: free again, due after the delay.</summary>
    public Task AgainAsync(HubDbContext db, WorkItem item, TimeSpan delay, CancellationToken cancel)
    {
        long due = Microseconds(time.GetUtcNow() + delay);
        return db.Set<WorkItem>().Where(w => w.Id == item.Id && w.LeaseId == item.LeaseId).ExecuteUpdateAsync(set => set
            .SetProperty(w => w.LeasedUntil, 0L).SetProperty(w => w.DueAt, due).SetProperty(w => w.Attempts, 0).SetProperty(w => w.LastError, (string?)null), cancel);
    }

    /// <summary>Tries again after 5 s, 10 s, 20 s … or gives up and keeps the reason.</summary>
    public Task RetryAsync(HubDbContext db, WorkItem item, string reason, CancellationToken cancel)
    {
        string kept = reason.Length > 2000 ? reason[..2000] : reason;
        bool failed = item.Attempts >= MaxAttempts;
        long due = Microseconds(time.GetUtcNow() + (TimeSpan.FromSeconds(5) * Math.Pow(2, item.Attempts - 1)));
        return db.Set<WorkItem>().Where(w => w.Id == item.Id && w.LeaseId == item.LeaseId).ExecuteUpdateAsync(set => set
            .SetProperty(w => w.LeasedUntil, 0L).SetProperty(w => w.DueAt, due).SetProperty(w => w.LastError, kept).SetProperty(w => w.Failed, failed), cancel);
    }
}

/// <summary>Wakes this process's workers at once, each lane its own; other processes look every few seconds.</summary>
internal sealed class WorkSignal : IDisposable
{
    private readonly Dictionary<WorkLane, SemaphoreSlim> bells = Enum.GetValues<WorkLane>().ToDictionary(lane => lane, _ => new SemaphoreSlim(0, 1));
    private readonly ConcurrentDictionary<string, SemaphoreSlim> kinds = new();

    public void Ring()
    {
        foreach (SemaphoreSlim bell in bells.Values.Concat(kinds.Values))
        {
            try
            {
                bell.Release();
            }
            catch (SemaphoreFullException)
            {
                // Rung already.
            }
        }
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim bell in bells.Values.Concat(kinds.Values))
            bell.Dispose();
    }

    public Task WaitAsync(WorkLane lane, TimeSpan atMost, CancellationToken cancel) => bells[lane].WaitAsync(atMost, cancel);

    /// <summary>For a kind of long work, which has a bell of its own.</summary>
    public Task WaitAsync(string kind, TimeSpan atMost, CancellationToken cancel) => kinds.GetOrAdd(kind, _ => new(0, 1)).WaitAsync(atMost, cancel);
}
