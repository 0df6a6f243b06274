using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="OrganizationId">Only this one; null for all that the actor may see.</param>
internal sealed record ListOrganizationsRequest(Guid? OrganizationId = null);

/// <summary>The organizations of the actor; an instance administrator sees all.</summary>
internal sealed class ListOrganizations(HubDbContext db)
{
    public async Task<Result<IReadOnlyList<OrganizationRow>>> HandleAsync(ListOrganizationsRequest request, CancellationToken cancel)
    {
        List<Organization> found = await db.Set<Organization>().AsNoTracking()
            .Where(o => request.OrganizationId == null || o.Id == request.OrganizationId)
            .OrderBy(o => o.Name).ThenBy(o => o.Id).ToListAsync(cancel);
        return found.ConvertAll(o => o.ToRow());
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organizations", async (ListOrganizations handler, CancellationToken cancel) => (await handler.HandleAsync(new(), cancel)).ToOk())
            .Requires(HubAction.SelfRead).Produces<IReadOnlyList<OrganizationRow>>().WithTags("Organizations").WithName("ListOrganizations")
            .WithSummary("The organizations you belong to (all of them for an instance administrator).");
        routes.MapGet("/organizations/{organization}", async (ListOrganizations handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(new(http.OrganizationId()), cancel)).Map(rows => rows.Single()).ToOk())
            .Requires(HubAction.OrganizationRead).Produces<OrganizationRow>().WithTags("Organizations").WithName("GetOrganization")
            .WithSummary("One organization, by address name or id.");
    }
}
