using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record InvitationRow(Guid Id, string Email, Role Role, Guid? ProjectId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>The invitations that still work, and taking one back.</summary>
internal sealed class ManageInvitations(HubDbContext db, AuditLog audit, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<InvitationRow>>> ListAsync(Guid organization, CancellationToken cancel) => await Open()
        .Where(i => i.OrganizationId == organization).OrderByDescending(i => i.Id)
        .Select(i => new InvitationRow(i.Id, i.Email, i.Role, i.ProjectId, i.CreatedAt, i.ExpiresAt)).ToListAsync(cancel);

    public async Task<Result<Done>> RevokeAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Invitation? invitation = await Open().SingleOrDefaultAsync(i => i.Id == id && i.OrganizationId == organization, cancel);
        if (invitation is null)
            return HubError.NotFound("This open invitation");
        invitation.RevokedAt = time.GetUtcNow();
        audit.Record(organization, "invitation.revoked", invitation.Email);
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    private IQueryable<Invitation> Open()
    {
        DateTimeOffset now = time.GetUtcNow();
        return db.Set<Invitation>().Where(i => i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organizations/{organization}/invitations", async (ManageInvitations handler, HttpContext http, CancellationToken cancel) =>
                (await handler.ListAsync(http.OrganizationId(), cancel)).ToOk())
            .Requires(HubAction.MembersEdit).Produces<IReadOnlyList<InvitationRow>>().WithTags("Members").WithName("ListInvitations").WithSummary("Invitations that were not used yet.");
        routes.MapDelete("/organizations/{organization}/invitations/{invitation}", async (Guid invitation, ManageInvitations handler, HttpContext http, CancellationToken cancel) =>
                (await handler.RevokeAsync(http.OrganizationId(), invitation, cancel)).ToOk())
            .Requires(HubAction.MembersEdit).Produces(204).WithTags("Members").WithName("RevokeInvitation").WithSummary("Take an invitation back; its link stops working at once.");
    }
}
