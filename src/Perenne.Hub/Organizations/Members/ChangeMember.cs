using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Role">Null removes the membership.</param>
internal sealed record ChangeMemberRequest(Role? Role)
{
    [JsonIgnore]
    public Guid OrganizationId { get; init; }

    [JsonIgnore]
    public Guid MembershipId { get; init; }
}

/// <summary>Gives a membership another role, or ends it. An organization keeps at least one administrator.</summary>
internal sealed class ChangeMember(HubDbContext db, AuditLog audit)
{
    private static readonly HubError Last = HubError.Conflict(
        "last-administrator", "This is the organization's last administrator. Make somebody else administrator first.");

    public async Task<Result<Done>> HandleAsync(ChangeMemberRequest request, CancellationToken cancel)
    {
        if (request.Role == Role.Station)
            return HubError.Invalid("role", "The role 'station' belongs to machines. Enrol a machine instead.");
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockOrganizationAsync(request.OrganizationId, cancel);
        Membership? membership = await db.Set<Membership>().Include(m => m.User)
            .SingleOrDefaultAsync(m => m.Id == request.MembershipId && m.OrganizationId == request.OrganizationId, cancel);
        if (membership is null)
            return HubError.NotFound("This membership");
        bool losesAdministrator = membership is { Role: Role.Administrator, ProjectId: null } && request.Role != Role.Administrator;
        if (losesAdministrator && !await OtherAdministratorAsync(membership, cancel))
            return Last;
        if (request.Role is { } role && await db.Set<Membership>().AnyAsync(
            m => m.Id != membership.Id && m.UserId == membership.UserId && m.OrganizationId == membership.OrganizationId && m.ProjectId == membership.ProjectId && m.Role == role, cancel))
            return HubError.Conflict("already-member", $"{membership.User!.DisplayName} has this role already.");

        object before = new { membership.Role, membership.ProjectId };
        if (request.Role is { } next)
            membership.Role = next;
        else
            db.Remove(membership);
        audit.Record(request.OrganizationId, request.Role is null ? "membership.removed" : "membership.changed", membership.User!.DisplayName,
            before, request.Role is null ? null : new { membership.Role, membership.ProjectId });
        await db.SaveChangesAsync(cancel);
        if (request.Role is null)
            await LeaveTeamsAsync(membership, cancel);
        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    private Task<bool> OtherAdministratorAsync(Membership leaving, CancellationToken cancel) => db.Set<Membership>().AnyAsync(
        m => m.Id != leaving.Id && m.OrganizationId == leaving.OrganizationId && m.ProjectId == null && m.Role == Role.Administrator && m.User!.DisabledAt == null, cancel);

    private Task<int> LeaveTeamsAsync(Membership gone, CancellationToken cancel) => db.Set<TeamMember>()
        .Where(t => t.UserId == gone.UserId && t.OrganizationId == gone.OrganizationId)
        .Where(t => !db.Set<Membership>().Any(m => m.UserId == gone.UserId && m.OrganizationId == gone.OrganizationId))
        .ExecuteDeleteAsync(cancel);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/organizations/{organization}/members/{membership}", async (Guid membership, ChangeMemberRequest request, ChangeMember handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(request with { OrganizationId = http.OrganizationId(), MembershipId = membership }, cancel)).ToOk())
            .Requires(HubAction.MembersEdit).Produces(204).WithTags("Members").WithName("ChangeMember")
            .WithExample(new ChangeMemberRequest(Role.Manager))
            .WithSummary("Give a membership another role.");
        routes.MapDelete("/organizations/{organization}/members/{membership}", async (Guid membership, ChangeMember handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(new(null) { OrganizationId = http.OrganizationId(), MembershipId = membership }, cancel)).ToOk())
            .Requires(HubAction.MembersEdit).Produces(204).WithTags("Members").WithName("RemoveMember").WithSummary("End a membership. The last administrator stays.");
    }
}
