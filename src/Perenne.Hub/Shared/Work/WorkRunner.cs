using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Work;

/// <summary>Does one kind of background work. Must be idempotent: after a crash it runs again.</summary>
internal interface IWorkHandler
{
    string Kind { get; }

    /// <returns>Null when done; otherwise when to run again.</returns>
    Task<TimeSpan?> RunAsync(WorkItem item, CancellationToken cancel);
}

/// <summary>Claims and runs waiting work, at most one piece per core, each in its own scope.</summary>
internal sealed class WorkRunner(IServiceScopeFactory scopes, WorkQueue queue, WorkSignal signal, ILogger<WorkRunner> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    private static readonly int Slots = Math.Max(1, Environment.ProcessorCount / 2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RunOnceAsync(stoppingToken) == 0)
                    await signal.WaitAsync(LookEvery, stoppingToken);
            }
            catch (Exception error) when (IsEnding(error, stoppingToken))
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Background work could not be claimed; trying again.");
                await signal.WaitAsync(LookEvery, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Claims a handful and runs it to the end; the number claimed.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        List<WorkItem> items;
        await using (AsyncServiceScope scope = Scope())
        {
            // Only kinds this version knows: during an upgrade the newer hub takes the others.
            string[] kinds = [.. scope.ServiceProvider.GetServices<IWorkHandler>().Select(h => h.Kind)];
            items = await queue.ClaimAsync(scope.ServiceProvider.GetRequiredService<HubDbContext>(), kinds, Slots * 8, cancel);
        }

        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Slots, CancellationToken = cancel }, async (item, stop) => await RunAsync(item, stop));
        return items.Count;
    }

    private async Task RunAsync(WorkItem item, CancellationToken cancel)
    {
        await using AsyncServiceScope scope = Scope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        try
        {
            IWorkHandler handler = scope.ServiceProvider.GetServices<IWorkHandler>().Single(h => h.Kind == item.Kind);
            if (await handler.RunAsync(item, cancel) is { } again)
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
        .AddSingleton<WorkRunner>().AddHostedService(provider => provider.GetRequiredService<WorkRunner>());
}
