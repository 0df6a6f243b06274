using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Disable">False lets the person in again.</param>
internal sealed record DisableUserRequest(Guid UserId, bool Disable);

/// <summary>
/// Shuts an account: sessions and tokens end with the next request. Roles and what the person made stay, so that enabling brings all of it
/// back; sessions from before do not come back.
/// </summary>
internal sealed class DisableUser(HubDbContext db, CurrentAccess access, UserManager<User> users, AuditLog audit, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(DisableUserRequest request, CancellationToken cancel)
    {
        if (request.Disable && request.UserId == access.Actor.Id)
            return HubError.Conflict("own-account", "You cannot disable your own account. Ask another instance administrator.");
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        User? user = await users.FindByIdAsync(request.UserId.ToString());
        if (user is null)
            return HubError.NotFound("This user");
        if (user.DisabledAt is not null == request.Disable)
            return default(Done);
        user.DisabledAt = request.Disable ? time.GetUtcNow() : null;
        string action = request.Disable ? "user.disabled" : "user.enabled";
        List<Guid> organizations = await db.Set<Membership>().Where(m => m.UserId == user.Id).Select(m => m.OrganizationId).Distinct().ToListAsync(cancel);
        foreach (Guid organization in organizations.Prepend(AuditLog.Instance))
            audit.Record(organization, action, user.DisplayName, after: new { user.Email });
        IdentityResult changed = await users.UpdateSecurityStampAsync(user); // Saves the entries too.
        if (!changed.Succeeded)
            return HubError.Conflict("user-changed", "Somebody changed this account in the same moment. Try again.");
        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/users/{user}/disable", async (Guid user, DisableUser handler, CancellationToken cancel) => (await handler.HandleAsync(new(user, true), cancel)).ToOk())
            .Requires(HubAction.InstanceManage).Produces(204).WithTags("Users").WithName("DisableUser")
            .WithSummary("Shut an account: its sessions and tokens stop at once (instance administrators).");
        routes.MapPost("/users/{user}/enable", async (Guid user, DisableUser handler, CancellationToken cancel) => (await handler.HandleAsync(new(user, false), cancel)).ToOk())
            .Requires(HubAction.InstanceManage).Produces(204).WithTags("Users").WithName("EnableUser")
            .WithSummary("Open a disabled account again, with the roles and tokens it had (instance administrators).");
    }
}
