using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

internal static class DeploymentPlans
{
    /// <summary>What is in force in each organization (in sight) that ever deployed a model of the project.</summary>
    public static async Task<Dictionary<Guid, DeploymentPlan>> PlansOfAsync(this HubDbContext db, Guid project, CancellationToken cancel) =>
        (await db.Set<Deployment>().AsNoTracking().Where(d => d.ProjectId == project).ToListAsync(cancel)).GroupBy(d => d.OrganizationId).ToDictionary(g => g.Key, g => DeploymentPlan.Of(g));
}
