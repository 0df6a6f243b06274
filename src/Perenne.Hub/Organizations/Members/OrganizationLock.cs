using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

internal static class OrganizationLock
{
    /// <summary>
    /// Inside a transaction: changes of one organization's members wait for each other until it ends. The update that changes nothing takes
    /// the row's lock on PostgreSQL; SQLite has one writer anyway.
    /// </summary>
    public static Task LockOrganizationAsync(this HubDbContext db, Guid organization, CancellationToken cancel) => db.Set<Organization>()
        .Where(o => o.Id == organization)
        .ExecuteUpdateAsync(set => set.SetProperty(o => o.CreatedAt, o => o.CreatedAt), cancel);
}
