using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Perenne.Hub.Shared.Data;

/// <summary>
/// One transaction, repeated when the database asks for it. On SQLite the writers of this process queue here, in order, instead of
/// polling for the file's lock; other processes are waited for by the busy timeout.
/// </summary>
internal sealed class WriteTurn : IDisposable
{
    private const int Attempts = 5;

    private readonly SemaphoreSlim sqlite = new(1, 1);

    /// <summary>The body may run several times: it must make its entities inside.</summary>
    public async Task RunAsync(HubDbContext db, Func<Task> body, CancellationToken cancel)
    {
        bool queued = db is SqliteHubDbContext;
        if (queued)
            await sqlite.WaitAsync(cancel);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
                try
                {
                    await body();
                    await transaction.CommitAsync(cancel);
                    return;
                }
                catch (Exception error) when (attempt < Attempts && IsTransient(error))
                {
                    await transaction.RollbackAsync(cancel);
                    db.ChangeTracker.Clear();
                }
            }
        }
        finally
        {
            if (queued)
                sqlite.Release();
        }
    }

    public void Dispose() => sqlite.Dispose();

    // Deadlock or serialization failure on PostgreSQL: the loser repeats.
    private static bool IsTransient(Exception error) => (error as PostgresException ?? error.InnerException as PostgresException)?.SqlState is "40P01" or "40001";
}
