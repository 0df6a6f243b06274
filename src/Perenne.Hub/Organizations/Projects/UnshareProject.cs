using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Organization">The other organization's address name or id.</param>
internal sealed record UnshareProjectRequest(Guid ProjectId, string Organization);

/// <summary>
/// Ends a project's running in an organization. Decided by the project's owner, or by the organization about itself. Nothing is deleted:
/// that organization's images of the project are out of sight and come back when it is shared again.
/// </summary>
internal sealed class UnshareProject(HubDbContext db, CurrentAccess access, AuditLog audit)
{
    public async Task<Result<Done>> HandleAsync(UnshareProjectRequest request, CancellationToken cancel)
    {
        bool isId = Guid.TryParse(request.Organization, out Guid id);
        Actor actor = access.Actor;
        access.Grant(actor, AccessScope.System); // The owner may end what it cannot otherwise see into; what follows decides.
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        Project project = await db.Set<Project>().AsNoTracking().SingleAsync(p => p.Id == request.ProjectId, cancel);
        var other = await (from link in db.Set<ProjectOrganization>()
                           join organization in db.Set<Organization>() on link.OrganizationId equals organization.Id
                           where link.ProjectId == project.Id && (isId ? organization.Id == id : organization.Slug == request.Organization)
                           select new { organization.Id, organization.Slug, organization.Name }).SingleOrDefaultAsync(cancel);
        bool ofOwner = MayEditIn(actor, project.OwnerOrganizationId);
        if (!ofOwner && (other is null || !MayEditIn(actor, other.Id)))
            return ProjectRules.NotOwner;
        if (other is null)
            return HubError.Invalid("other", $"The project does not run in '{request.Organization}'.");
        if (other.Id == project.OwnerOrganizationId)
            return HubError.Conflict("owner", $"{other.Name} owns this project. Archive the project to take it out of use.");
        if (await db.Set<ProjectOrganization>().Where(l => l.ProjectId == project.Id && l.OrganizationId == other.Id).ExecuteDeleteAsync(cancel) > 0)
        {
            audit.Record(project.OwnerOrganizationId, "project.unshared", project.Name, before: new { other.Slug });
            audit.Record(other.Id, "project.withdrawn", project.Name);
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    private static bool MayEditIn(Actor actor, Guid organization) => actor.IsInstanceAdministrator
        || actor.Grants.Any(g => g.ProjectId is null && g.OrganizationId == organization && RightsTable.Allows(g.Role, HubAction.ProjectEdit));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/projects/{project}/organizations/{other}", async (string other, UnshareProject handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(new(http.ProjectId(), other), cancel)).ToOk())
        .Requires(HubAction.ProjectEdit).Produces(204).WithTags("Projects").WithName("UnshareProject")
        .WithSummary("End the project's running in an organization; its images are kept, out of sight.");
}
