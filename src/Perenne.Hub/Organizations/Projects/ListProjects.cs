using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="OrganizationId">Those that run in it; null for all organizations in scope.</param>
internal sealed record ListProjectsRequest(Guid? OrganizationId = null, Guid? ProjectId = null);

/// <param name="Organizations">Those the actor may see in which the project runs.</param>
internal sealed record ProjectDetail(ProjectRow Project, IReadOnlyList<OrganizationRow> Organizations);

internal sealed class ListProjects(HubDbContext db, CurrentAccess access)
{
    public async Task<Result<IReadOnlyList<ProjectRow>>> HandleAsync(ListProjectsRequest request, CancellationToken cancel)
    {
        List<Project> found = await db.Set<Project>().AsNoTracking()
            .Where(p => db.Set<ProjectOrganization>().Any(l => l.ProjectId == p.Id && (request.OrganizationId == null || l.OrganizationId == request.OrganizationId)))
            .Where(p => request.ProjectId == null || p.Id == request.ProjectId)
            .OrderBy(p => p.Name).ThenBy(p => p.Id).ToListAsync(cancel);
        return found.Where(p => MaySee(p.Id)).Select(p => p.ToRow()).ToList();
    }

    public async Task<Result<ProjectDetail>> GetAsync(Guid project, CancellationToken cancel)
    {
        Project? found = await db.Set<Project>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == project, cancel);
        if (found is null)
            return HubError.NotFound("This project");
        List<Organization> organizations = await db.Set<Organization>().AsNoTracking()
            .Where(o => db.Set<ProjectOrganization>().Any(l => l.ProjectId == project && l.OrganizationId == o.Id)).OrderBy(o => o.Name).ToListAsync(cancel);
        return new ProjectDetail(found.ToRow(), organizations.ConvertAll(o => o.ToRow()));
    }

    // Somebody whose only roles are for single projects does not see the others of the organization.
    private bool MaySee(Guid project) => access.Actor.IsInstanceAdministrator || access.Actor.Kind == ActorKind.System
        || access.Actor.Grants.Any(g => g.ProjectId is null || g.ProjectId == project);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/projects", async (ListProjects handler, CancellationToken cancel) => (await handler.HandleAsync(new(), cancel)).ToOk())
            .Requires(HubAction.SelfRead).Produces<IReadOnlyList<ProjectRow>>().WithTags("Projects").WithName("ListMyProjects").WithSummary("The projects you can see.");
        routes.MapGet("/organizations/{organization}/projects", async (ListProjects handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(new(http.OrganizationId()), cancel)).ToOk())
            .Requires(HubAction.ProjectRead).Produces<IReadOnlyList<ProjectRow>>().WithTags("Projects").WithName("ListProjects").WithSummary("The projects that run in an organization.");
        routes.MapGet("/projects/{project}", async (ListProjects handler, HttpContext http, CancellationToken cancel) =>
                (await handler.GetAsync(http.ProjectId(), cancel)).ToOk())
            .Requires(HubAction.ProjectRead).Produces<ProjectDetail>().WithTags("Projects").WithName("GetProject").WithSummary("One project and the organizations it runs in.");
    }
}
