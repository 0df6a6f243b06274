using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Work;

/// <summary>Kinds of work that do not wait for each other.</summary>
internal enum WorkLane
{
    /// <summary>Seconds of processor time: at most half the cores.</summary>
    Ordinary,

    /// <summary>Minutes: one at a time in a process.</summary>
    Long,

    /// <summary>Waits for other machines: a slow one must not hold up the rest.</summary>
    Network,
}

/// <summary>Does one kind of background work. Must be idempotent: after a crash it runs again.</summary>
internal interface IWorkHandler
{
    string Kind { get; }

    WorkLane Lane => WorkLane.Ordinary;

    /// <param name="cancel">Also cancelled when the claim was lost to another process.</param>
    /// <returns>Null when done; otherwise when to run again.</returns>
    Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel);
}

/// <summary>Claims and runs waiting work, lane by lane, each piece in its own scope.</summary>
internal sealed class WorkRunner(IServiceScopeFactory scopes, WorkQueue queue, WorkSignal signal, ILogger<WorkRunner> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enum.GetValues<WorkLane>().Select(lane => LoopAsync(lane, stoppingToken)));

    private async Task LoopAsync(WorkLane lane, CancellationToken cancel)
    {
        await Task.Yield();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (await RunOnceAsync(lane, cancel) == 0)
                    await signal.WaitAsync(lane, LookEvery, cancel);
            }
            catch (Exception error) when (IsEnding(error, cancel))
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Background work could not be claimed; trying again.");
                await signal.WaitAsync(lane, LookEvery, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private static (int Slots, int Claimed) Width(WorkLane lane) => lane switch
    {
        WorkLane.Long => (1, 1),
        WorkLane.Network => (8, 8),
        _ => (Math.Max(1, Environment.ProcessorCount / 2), Math.Max(1, Environment.ProcessorCount / 2) * 8),
    };

    /// <summary>Claims a handful and runs it to the end; the number claimed.</summary>
    private async Task<int> RunOnceAsync(WorkLane lane, CancellationToken cancel)
    {
        List<WorkItem> items;
        (int slots, int claimed) = Width(lane);
        await using (AsyncServiceScope scope = Scope())
        {
            // Only kinds this version knows: during an upgrade the newer hub takes the others.
            string[] kinds = [.. scope.ServiceProvider.GetServices<IWorkHandler>().Where(h => h.Lane == lane).Select(h => h.Kind)];
            items = await queue.ClaimAsync(scope.ServiceProvider.GetRequiredService<HubDbContext>(), kinds, claimed, cancel);
        }

        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = slots, CancellationToken = cancel }, async (item, stop) => await RunAsync(item, stop));
        return items.Count;
    }

    private async Task RunAsync(WorkItem item, CancellationToken cancel)
    {
        await using AsyncServiceScope scope = Scope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task renewing = KeepLeaseAsync(item, ended);
        try
        {
            IWorkHandler handler = scope.ServiceProvider.GetServices<IWorkHandler>().Single(h => h.Kind == item.Kind);
            if (await handler.RunAsync(item, ended.Token) is { } again)
                await queue.AgainAsync(db, item, again, cancel);
            else
                await WorkQueue.DoneAsync(db, item, cancel);
        }
        catch (Exception error) when (!IsEnding(error, cancel))
        {
            logger.LogWarning(error, "Work {Kind} for {Subject} failed (attempt {Attempt}).", item.Kind, item.SubjectId, item.Attempts);
            db.ChangeTracker.Clear();
            await queue.RetryAsync(db, item, error.Message, cancel);
        }
        finally
        {
            await ended.CancelAsync();
            await renewing;
        }
    }

    // Work may take longer than a lease; a process that died stops renewing, and another takes over within the lease.
    private async Task KeepLeaseAsync(WorkItem item, CancellationTokenSource ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(WorkQueue.Lease / 4, ended.Token);
                await using AsyncServiceScope scope = Scope();
                if (!await queue.RenewAsync(scope.ServiceProvider.GetRequiredService<HubDbContext>(), item, ended.Token))
                    await ended.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (Exception error)
        {
            logger.LogWarning(error, "The lease on {Kind} for {Subject} could not be renewed.", item.Kind, item.SubjectId);
        }
    }

    // A host that waits no longer disposes of the services under work that is still running; its lease runs out and it is done again.
    private static bool IsEnding(Exception error, CancellationToken stopping) => stopping.IsCancellationRequested && error is OperationCanceledException or ObjectDisposedException;

    private AsyncServiceScope Scope()
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        return scope;
    }
}

internal static class WorkServices
{
    public static IServiceCollection AddHubWork(this IServiceCollection services) => services
        .AddSingleton<WorkSignal>().AddSingleton<WorkQueue>()
        .AddSingleton<WorkRunner>().AddHostedService(provider => provider.GetRequiredService<WorkRunner>())
        .AddHostedService<LongWorkRunner>();
}
