using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <summary>Puts days together and lets old ones go, every hour.</summary>
internal sealed class LakeKeeper(IServiceScopeFactory scopes, TimeProvider time, ILogger<LakeKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(2), Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(FirstAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
                Compaction compaction = scope.ServiceProvider.GetRequiredService<Compaction>();
                await compaction.RunAsync(stoppingToken);
                await compaction.DropOldAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(error, "The observations could not be put together; it is tried again in an hour.");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
