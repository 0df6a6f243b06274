using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

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
}
