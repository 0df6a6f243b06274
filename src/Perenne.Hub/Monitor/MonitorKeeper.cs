using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Observe;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

/// <summary>Looks at every organization and project with observations, every hour unless the settings say otherwise.</summary>
internal sealed class MonitorKeeper(IServiceScopeFactory scopes, IOptions<HubOptions> options, TimeProvider time, ILogger<MonitorKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(5);

    private readonly TimeSpan every = TimeSpan.FromSeconds(Math.Max(1, options.Value.MonitorSeconds));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(every < FirstAfter ? every : FirstAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            await LookAsync(stoppingToken);
            await Task.Delay(every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        List<ProjectOrganization> places;
        await using (AsyncServiceScope scope = System())
        {
            HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
            DateTimeOffset since = time.GetUtcNow() - DriftRules.LookBack;
            places = await db.Set<ProjectOrganization>().AsNoTracking().Where(p => db.Set<Segment>().Any(s => s.OrganizationId == p.OrganizationId && s.LastAt > since)).ToListAsync(cancel);
        }

        foreach (ProjectOrganization place in places)
        {
            try
            {
                await using AsyncServiceScope scope = System();
                await scope.ServiceProvider.GetRequiredService<CheckDrift>().HandleAsync(place.OrganizationId, place.ProjectId, cancel);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                logger.LogWarning(error, "Drift of project {Project} in organization {Organization} could not be judged; it is tried again at the next look.", place.ProjectId, place.OrganizationId);
            }
        }
    }

    private AsyncServiceScope System()
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        return scope;
    }
}
