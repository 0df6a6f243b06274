using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Shared.Rights;

/// <summary>Who sends this request: read from the database each time, so that a withdrawn right ends at once.</summary>
internal sealed class ActorLoader(HubDbContext db, CurrentAccess access, IOptions<IdentityOptions> identity)
{
    /// <summary>Claim of a token's allowed actions, space separated; set by the token authentication handler.</summary>
    public const string TokenActionsClaim = "perenne:actions";

    /// <summary>Claims of a machine identity: its organization.</summary>
    public const string MachineOrganizationClaim = "perenne:machine-organization";

    public async Task<Actor> LoadAsync(HttpContext http)
    {
        ClaimsPrincipal principal = http.User;
        if (!Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out Guid id))
            return Actor.Nobody;
        if (Guid.TryParse(principal.FindFirstValue(MachineOrganizationClaim), out Guid organization))
            return new(ActorKind.Machine, id, principal.Identity?.Name ?? "station", false, [new(organization, null, Role.Station)]);

        access.ActAsSystem();
        var user = await db.Users.Where(u => u.Id == id && u.DisabledAt == null).Select(u => new
        {
            u.DisplayName,
            u.SecurityStamp,
            u.IsInstanceAdministrator,
            Grants = db.Set<Membership>().Where(m => m.UserId == u.Id).Select(m => new Grant(m.OrganizationId, m.ProjectId, m.Role)).ToList(),
        }).SingleOrDefaultAsync(http.RequestAborted);
        access.Grant(Actor.Nobody, AccessScope.Nothing);
        if (user is null || StampOf(principal, identity.Value) is { } stamp && stamp != user.SecurityStamp)
            return Actor.Nobody; // A session from before a new password, or of somebody disabled.
        HashSet<HubAction>? tokenActions = principal.FindFirstValue(TokenActionsClaim)?
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<HubAction>).ToHashSet();
        return new(ActorKind.Person, id, user.DisplayName, user.IsInstanceAdministrator, user.Grants, tokenActions);
    }
    private static string? StampOf(ClaimsPrincipal principal, IdentityOptions options) => principal.FindFirstValue(options.ClaimsIdentity.SecurityStampClaimType);
}
