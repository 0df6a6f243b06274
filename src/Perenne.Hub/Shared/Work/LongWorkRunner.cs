using Microsoft.Extensions.Options;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Work;

/// <summary>
/// Work of minutes or hours. Its claim is renewed while it runs, so that a killed process loses it within <see cref="HubOptions.WorkLease"/>.
/// <see cref="WorkItem.LeaseId"/> is the fence: whatever is written at the end must still carry it.
/// </summary>
internal interface ILongWork
{
    string Kind { get; }

    /// <summary>Runs to the end, or until the token says that the process stops or the claim is lost; both leave the work to be claimed again.</summary>
    Task RunAsync(WorkItem item, CancellationToken cancel);
}

/// <summary>One lane for each kind of long work, one piece at a time in each: a training run holds up no evaluation, and neither holds up thumbnails.</summary>
internal sealed class LongWorkRunner(IServiceScopeFactory scopes, WorkQueue queue, WorkSignal signal, IOptions<HubOptions> options, TimeProvider time, ILogger<LongWorkRunner> logger) : BackgroundService
{
    private const string None = "none";

    // Renewed four times within the lease: a beat that comes late loses nothing.
    private readonly TimeSpan lease = options.Value.WorkLease, beat = options.Value.WorkLease / 4.5, lookEvery = options.Value.WorkLease / 9;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string[] kinds;
        await using (AsyncServiceScope scope = Scope())
            kinds = [.. scope.ServiceProvider.GetServices<ILongWork>().Select(work => work.Kind)];
        await Task.WhenAll(Chosen(options.Value.LongWork, kinds).Select(kind => LaneAsync(kind, stoppingToken)));
    }

    /// <summary>The kinds that a setting leaves to this process; null: all.</summary>
    internal static IReadOnlyList<string> Chosen(string? setting, IReadOnlyList<string> kinds)
    {
        if (setting is null)
            return kinds;
        string[] wanted = [.. setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(w => w != None)];
        return wanted.Except(kinds).FirstOrDefault() is { } unknown
            ? throw new InvalidOperationException($"Hub:LongWork names '{unknown}'. There is {string.Join(", ", kinds.Order(StringComparer.Ordinal))}; '{None}' takes nothing.") : wanted;
    }

    private async Task LaneAsync(string kind, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!await RunOnceAsync(kind, stop))
                    await signal.WaitAsync(kind, lookEvery, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Long work of kind {Kind} could not be claimed or finished; trying again.", kind);
                await Task.Delay(lookEvery, time, stop).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task<bool> RunOnceAsync(string kind, CancellationToken stop)
    {
        List<WorkItem> claimed;
        await using (AsyncServiceScope scope = Scope())
            claimed = await queue.ClaimAsync(scope.ServiceProvider.GetRequiredService<HubDbContext>(), [kind], 1, stop, lease);
        if (claimed is not [WorkItem item])
            return false;

        using CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(stop), finished = new();
        Task beating = BeatAsync(item, lost, finished.Token);
        try
        {
            await using AsyncServiceScope scope = Scope();
            await scope.ServiceProvider.GetServices<ILongWork>().Single(work => work.Kind == kind).RunAsync(item, lost.Token);
            await EndAsync((db, cancel) => WorkQueue.DoneAsync(db, item, cancel));
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The process stops, or another one has it by now; the second changes nothing here.
            await EndAsync((db, cancel) => queue.AgainAsync(db, item, TimeSpan.Zero, cancel));
        }
        catch (Exception error)
        {
            logger.LogWarning(error, "Long work {Kind} for {Subject} failed (attempt {Attempt}).", kind, item.SubjectId, item.Attempts);
            await EndAsync((db, cancel) => queue.RetryAsync(db, item, error.Message, cancel));
        }
        finally
        {
            await finished.CancelAsync();
            await beating;
        }

        return true;
    }

    private async Task BeatAsync(WorkItem item, CancellationTokenSource lost, CancellationToken finished)
    {
        DateTimeOffset renewed = time.GetUtcNow();
        while (!finished.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(beat, finished);
                await using AsyncServiceScope scope = Scope();
                if (!await queue.RenewAsync(scope.ServiceProvider.GetRequiredService<HubDbContext>(), item, finished, lease))
                    await lost.CancelAsync();
                renewed = time.GetUtcNow();
            }
            catch (OperationCanceledException) when (finished.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // A database that is away for a moment is no reason to throw an hour of training away; one that is away for the whole lease is.
                logger.LogWarning(error, "The claim of {Kind} for {Subject} could not be renewed.", item.Kind, item.SubjectId);
                if (time.GetUtcNow() - renewed > lease - beat)
                    await lost.CancelAsync();
            }
        }
    }

    private async Task EndAsync(Func<HubDbContext, CancellationToken, Task> end)
    {
        // Also while the process stops: a released claim is taken up at once, an unreleased one only when it runs out.
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
        await using AsyncServiceScope scope = Scope();
        await end(scope.ServiceProvider.GetRequiredService<HubDbContext>(), limit.Token);
    }

    private AsyncServiceScope Scope()
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        return scope;
    }
}
