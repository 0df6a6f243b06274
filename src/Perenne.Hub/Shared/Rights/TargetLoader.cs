using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Shared.Rights;

/// <summary>
/// Resolves the route's {organization} and {project} (slug or id). Addresses are the same for pages and API:
/// /api/v1/organizations/{organization}/…, /api/v1/projects/{project}/…, or both.
/// </summary>
internal sealed class TargetLoader(HubDbContext db, CurrentAccess access)
{
    /// <summary>The resolved ids are left in <see cref="HttpContext.Items"/> for <see cref="TargetExtensions"/>. Null: no such organization or project.</summary>
    public async Task<AccessTarget?> LoadAsync(HttpContext http)
    {
        string? organizationKey = http.GetRouteValue("organization") as string;
        string? projectKey = http.GetRouteValue("project") as string;
        AccessTarget target = new(null, null, []);
        if (organizationKey is not null || projectKey is not null)
        {
            access.ActAsSystem(); // Names are resolved before anything is decided; nothing read here reaches the answer.
            AccessTarget? found = await FindAsync(organizationKey, projectKey, http.RequestAborted);
            access.Grant(Actor.Nobody, AccessScope.Nothing);
            if (found is null)
                return null;
            target = found;
        }

        http.Items[typeof(AccessTarget)] = target;
        return target;
    }

    private async Task<AccessTarget?> FindAsync(string? organizationKey, string? projectKey, CancellationToken cancel)
    {
        Guid? organization = null, project = null;
        List<Guid> projectOrganizations = [];
        if (organizationKey is not null)
        {
            bool isId = Guid.TryParse(organizationKey, out Guid id);
            organization = await db.Set<Organization>().Where(o => isId ? o.Id == id : o.Slug == organizationKey).Select(o => (Guid?)o.Id).SingleOrDefaultAsync(cancel);
            if (organization is null)
                return null;
        }

        if (projectKey is not null)
        {
            bool isId = Guid.TryParse(projectKey, out Guid id);
            project = await db.Set<Project>().Where(p => isId ? p.Id == id : p.Slug == projectKey).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
            projectOrganizations = await db.Set<ProjectOrganization>().Where(link => link.ProjectId == project).Select(link => link.OrganizationId).ToListAsync(cancel);
            if (project is null || (organization is { } inside && !projectOrganizations.Contains(inside)))
                return null;
        }

        return new(organization, project, projectOrganizations);
    }
}

internal static class TargetExtensions
{
    public static Guid OrganizationId(this HttpContext http) => Target(http).OrganizationId ?? throw new InvalidOperationException("The route has no {organization}.");

    public static Guid ProjectId(this HttpContext http) => Target(http).ProjectId ?? throw new InvalidOperationException("The route has no {project}.");

    private static AccessTarget Target(HttpContext http) => http.Items[typeof(AccessTarget)] as AccessTarget
        ?? throw new InvalidOperationException("The rights middleware has not run for this request.");
}
