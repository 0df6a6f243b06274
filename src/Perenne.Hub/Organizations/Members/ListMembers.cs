using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record ListMembersRequest(Guid OrganizationId);

/// <param name="ProjectName">Null: the role holds for all projects of the organization.</param>
internal sealed record MemberRow(
    Guid MembershipId, Guid UserId, string Name, string Email, Role Role, Guid? ProjectId, string? ProjectName,
    DateTimeOffset Since, DateTimeOffset? LastSeenAt, bool Disabled);

internal sealed class ListMembers(HubDbContext db)
{
    public async Task<Result<IReadOnlyList<MemberRow>>> HandleAsync(ListMembersRequest request, CancellationToken cancel) =>
        await (from m in db.Set<Membership>()
               join u in db.Users on m.UserId equals u.Id
               join p in db.Set<Project>() on m.ProjectId equals (Guid?)p.Id into projects
               from p in projects.DefaultIfEmpty()
               where m.OrganizationId == request.OrganizationId
               orderby u.DisplayName, m.Id
               select new MemberRow(m.Id, u.Id, u.DisplayName, u.Email!, m.Role, m.ProjectId, p == null ? null : p.Name, m.CreatedAt, u.LastSeenAt, u.DisabledAt != null))
            .ToListAsync(cancel);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/organizations/{organization}/members", async (ListMembers handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(new(http.OrganizationId()), cancel)).ToOk())
        .Requires(HubAction.MembersRead).Produces<IReadOnlyList<MemberRow>>().WithTags("Members").WithName("ListMembers")
        .WithSummary("The members of an organization with their roles; one row per role.");
}
