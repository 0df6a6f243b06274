using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>At every tick of the loop: bounds of all that is deployed, and the next steps of rollouts. What arrives from stations is looked at when it arrives.</summary>
internal sealed class WatchService(IServiceScopeFactory scopes, IOptions<HubOptions> options, TimeProvider time, ILogger<WatchService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan every = TimeSpan.FromSeconds(Math.Max(1, options.Value.LoopTickSeconds));
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
                await RunAsync(scope.ServiceProvider, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(error, "Deployments could not be watched; it is tried again at the next look.");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task RunAsync(IServiceProvider services, CancellationToken cancel)
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        var places = await db.Set<Deployment>().Select(d => new { d.OrganizationId, d.ProjectId }).Distinct().ToListAsync(cancel);
        WatchDeployments watch = services.GetRequiredService<WatchDeployments>();
        foreach (var place in places)
            await watch.CheckAsync(place.OrganizationId, place.ProjectId, cancel);
        await services.GetRequiredService<AdvanceRollouts>().RunAsync(cancel);
    }
}
