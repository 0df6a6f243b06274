using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Slug">Null: made from the name.</param>
/// <param name="TimeZone">IANA name.</param>
internal sealed record CreateOrganizationRequest(string Name, string? Slug = null, string TimeZone = "UTC");

internal sealed record OrganizationRow(Guid Id, string Slug, string Name, string TimeZone, DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt);

internal sealed class CreateOrganization(HubDbContext db, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<Result<OrganizationRow>> HandleAsync(CreateOrganizationRequest request, CancellationToken cancel)
    {
        if (OrganizationRules.Check(request.Name, request.Slug, request.TimeZone) is { } error)
            return error;
        Organization organization = await AddAsync(request, null, cancel);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return OrganizationRules.SlugTaken(organization.Slug);
        }

        return organization.ToRow();
    }

    /// <summary>Adds it to the unit of work without saving; also for the set-up.</summary>
    internal async Task<Organization> AddAsync(CreateOrganizationRequest request, User? by, CancellationToken cancel)
    {
        Organization organization = new()
        {
            Id = ids.Next(),
            Name = request.Name.Trim(),
            Slug = request.Slug ?? Slug.Free(request.Name, (await db.Set<Organization>().Select(o => o.Slug).ToListAsync(cancel)).ToHashSet()),
            TimeZone = request.TimeZone,
            CreatedAt = time.GetUtcNow(),
        };
        db.Add(organization);
        audit.Record(organization.Id, "organization.created", organization.Name, after: organization.ToRow(), by: by);
        return organization;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/organizations", async (CreateOrganizationRequest request, CreateOrganization handler, CancellationToken cancel) =>
            (await handler.HandleAsync(request, cancel)).ToCreated(row => "/api/v1/organizations/" + row.Slug))
        .Requires(HubAction.InstanceManage).Produces<OrganizationRow>(201).WithTags("Organizations").WithName("CreateOrganization")
        .WithExample(new CreateOrganizationRequest("Lyon", "lyon", "Europe/Paris"))
        .WithSummary("Create an organization (instance administrators).");
}
