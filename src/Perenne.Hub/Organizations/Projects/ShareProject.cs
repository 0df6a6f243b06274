using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Organization">The other organization's address name or id.</param>
internal sealed record ShareProjectRequest(Guid ProjectId, string Organization);

/// <summary>Lets a project run in one more organization. Decided by somebody who may edit projects in the owner and in the other one.</summary>
internal sealed class ShareProject(HubDbContext db, CurrentAccess access, AuditLog audit, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(ShareProjectRequest request, CancellationToken cancel)
    {
        bool isId = Guid.TryParse(request.Organization, out Guid id);
        AccessScope mine = access.Actor.IsInstanceAdministrator ? AccessScope.System : AccessScope.Of(
            access.Actor.Grants.Where(g => g.ProjectId is null && RightsTable.Allows(g.Role, HubAction.ProjectEdit)).Select(g => g.OrganizationId));
        access.Grant(access.Actor, mine); // Wider than the route's target, which is only where the project runs already.
        Organization? other = await db.Set<Organization>().SingleOrDefaultAsync(o => isId ? o.Id == id : o.Slug == request.Organization, cancel);
        if (other is null)
            return HubError.Invalid("organization", $"'{request.Organization}' is not an organization in which you may edit projects.");
        Project? project = await db.Set<Project>()
            .SingleOrDefaultAsync(p => p.Id == request.ProjectId && db.Set<Organization>().Any(o => o.Id == p.OwnerOrganizationId), cancel);
        if (project is null)
            return ProjectRules.NotOwner;
        if (await db.Set<ProjectOrganization>().AnyAsync(l => l.ProjectId == project.Id && l.OrganizationId == other.Id, cancel))
            return default(Done);
        db.Add(new ProjectOrganization { ProjectId = project.Id, OrganizationId = other.Id, AddedAt = time.GetUtcNow() });
        audit.Record(project.OwnerOrganizationId, "project.shared", project.Name, after: new { other.Slug });
        if (other.Id != project.OwnerOrganizationId)
            audit.Record(other.Id, "project.received", project.Name);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Somebody else shared it in the same moment.
        }

        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/projects/{project}/organizations/{other}", async (string other, ShareProject handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(new(http.ProjectId(), other), cancel)).ToOk())
        .Requires(HubAction.ProjectEdit).Produces(204).WithTags("Projects").WithName("ShareProject")
        .WithSummary("Let the project run in one more organization.");
}
