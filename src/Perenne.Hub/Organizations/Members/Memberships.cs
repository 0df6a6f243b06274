using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed class Memberships(HubDbContext db, AuditLog audit, IdSource ids, TimeProvider time)
{
    /// <summary>Inside the caller's transaction. Having the role already is not an error: the outcome is the same.</summary>
    public async Task AddAsync(User user, Guid organization, Guid? project, Role role, User? by, CancellationToken cancel)
    {
        await db.LockOrganizationAsync(organization, cancel);
        if (await db.Set<Membership>().AnyAsync(m => m.UserId == user.Id && m.OrganizationId == organization && m.ProjectId == project && m.Role == role, cancel))
            return;
        db.Add(new Membership { Id = ids.Next(), UserId = user.Id, OrganizationId = organization, ProjectId = project, Role = role, CreatedAt = time.GetUtcNow() });
        audit.Record(organization, "membership.added", user.DisplayName, after: new { role, projectId = project, user.Email }, by: by);
        await db.SaveChangesAsync(cancel);
    }
}
