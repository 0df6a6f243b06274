using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <summary>Once a minute: gives back leases whose holders are long gone, and takes in images where a queue runs low.</summary>
internal sealed class CampaignKeeper(IServiceScopeFactory scopes, TimeProvider time, ILogger<CampaignKeeper> logger) : BackgroundService
{
    // A pull takes an expired slot at once when somebody wants it; until then its holder, back from lunch, goes on where they were.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMinutes(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(t => t.IsCompletedSuccessfully && t.Result, TaskScheduler.Default))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "Leases could not be looked after; trying again in a minute.");
            }
        }
    }

    public async Task RunOnceAsync(CancellationToken cancel)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        int released = await scope.ServiceProvider.GetRequiredService<ReleaseTask>().ExpiredAsync(Grace, cancel);
        if (released > 0)
            logger.LogInformation("{Leases} leases ran out and went back to their queues.", released);
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        FillCampaign fill = scope.ServiceProvider.GetRequiredService<FillCampaign>();
        SeedGold gold = scope.ServiceProvider.GetRequiredService<SeedGold>();
        foreach (Campaign campaign in await db.Set<Campaign>().AsNoTracking().Where(c => c.State == CampaignState.Running).ToListAsync(cancel))
        {
            await fill.TopUpAsync(campaign, cancel);
            await gold.EnsureAsync(campaign, cancel);
        }
    }
}
