using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Archive">False brings it back.</param>
internal sealed record ArchiveOrganizationRequest(Guid OrganizationId, bool Archive);

/// <summary>Takes an organization out of lists and switchers. Nothing is deleted.</summary>
internal sealed class ArchiveOrganization(HubDbContext db, AuditLog audit, TimeProvider time)
{
    public async Task<Result<OrganizationRow>> HandleAsync(ArchiveOrganizationRequest request, CancellationToken cancel)
    {
        Organization? organization = await db.Set<Organization>().SingleOrDefaultAsync(o => o.Id == request.OrganizationId, cancel);
        if (organization is null)
            return HubError.NotFound("This organization");
        organization.ArchivedAt = request.Archive ? organization.ArchivedAt ?? time.GetUtcNow() : null;
        audit.Record(organization.Id, request.Archive ? "organization.archived" : "organization.restored", organization.Name);
        await db.SaveChangesAsync(cancel);
        return organization.ToRow();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string path, string name, bool archive, string summary) in ((string, string, bool, string)[])[
            ("archive", "ArchiveOrganization", true, "Take an organization out of lists and switchers. Nothing is deleted."),
            ("restore", "RestoreOrganization", false, "Bring an archived organization back.")])
        {
            routes.MapPost("/organizations/{organization}/" + path, async (ArchiveOrganization handler, HttpContext http, CancellationToken cancel) =>
                    (await handler.HandleAsync(new(http.OrganizationId(), archive), cancel)).ToOk())
                .Requires(HubAction.OrganizationEdit).Produces<OrganizationRow>().WithTags("Organizations").WithName(name).WithSummary(summary);
        }
    }
}
