using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record MyRole(Guid OrganizationId, string Organization, Role Role, Guid? ProjectId);

internal sealed record Me(
    Guid Id, string Name, string? Email, bool IsMachine, bool IsInstanceAdministrator,
    string? Language, string? Theme, string? TimeZone, IReadOnlyList<MyRole> Roles);

internal sealed class GetMe(HubDbContext db, CurrentAccess access)
{
    public async Task<Result<Me>> HandleAsync(CancellationToken cancel)
    {
        Actor actor = access.Actor;
        User? user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == actor.Id, cancel);
        Dictionary<Guid, string> slugs = await db.Set<Organization>().ToDictionaryAsync(o => o.Id, o => o.Slug, cancel);
        List<MyRole> roles = [.. actor.Grants.Where(g => slugs.ContainsKey(g.OrganizationId)).Select(g => new MyRole(g.OrganizationId, slugs[g.OrganizationId], g.Role, g.ProjectId))];
        return new Me(actor.Id, actor.Name, user?.Email, actor.Kind == ActorKind.Machine, actor.IsInstanceAdministrator, user?.Language, user?.Theme, user?.TimeZone, roles);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/me", async (GetMe handler, CancellationToken cancel) => (await handler.HandleAsync(cancel)).ToOk())
        .Requires(HubAction.SelfRead).Produces<Me>().WithTags("Me").WithName("GetMe").WithSummary("Who you are, and your roles.");
}
