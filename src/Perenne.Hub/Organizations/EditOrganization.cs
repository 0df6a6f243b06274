using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record EditOrganizationRequest(string Name, string Slug, string TimeZone)
{
    [JsonIgnore]
    public Guid OrganizationId { get; init; }
}

internal sealed class EditOrganization(HubDbContext db, AuditLog audit)
{
    public async Task<Result<OrganizationRow>> HandleAsync(EditOrganizationRequest request, CancellationToken cancel)
    {
        if (OrganizationRules.Check(request.Name, request.Slug, request.TimeZone) is { } error)
            return error;
        Organization? organization = await db.Set<Organization>().SingleOrDefaultAsync(o => o.Id == request.OrganizationId, cancel);
        if (organization is null)
            return HubError.NotFound("This organization");
        OrganizationRow before = organization.ToRow();
        (organization.Name, organization.Slug, organization.TimeZone) = (request.Name.Trim(), request.Slug, request.TimeZone);
        audit.Record(organization.Id, "organization.edited", organization.Name, before, organization.ToRow());
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return OrganizationRules.SlugTaken(request.Slug);
        }

        return organization.ToRow();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/organizations/{organization}", async (EditOrganizationRequest request, EditOrganization handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { OrganizationId = http.OrganizationId() }, cancel)).ToOk())
        .Requires(HubAction.OrganizationEdit).Produces<OrganizationRow>().WithTags("Organizations").WithName("EditOrganization")
        .WithExample(new EditOrganizationRequest("Lyon", "lyon", "Europe/Paris"))
        .WithSummary("Change the name, address name or time zone of an organization.");
}
