using Perenne.Hub.Collect.Watch;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Sweep;

/// <summary>Sweeps soon after the start, when the hub has answered its first requests, and every hour from then on.</summary>
internal sealed class SweepService(IServiceScopeFactory scopes, TimeProvider time, ILogger<SweepService> logger) : BackgroundService
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(20), Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(FirstAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
                await scope.ServiceProvider.GetRequiredService<BlobSweep>().RunAsync(stoppingToken);
                await scope.ServiceProvider.GetRequiredService<ManageWatched>().WakeAllAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(error, "The sweep of unused blobs failed; it runs again in an hour.");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
