using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record OfferPasswordResetRequest(Guid OrganizationId, Guid UserId);

internal sealed record OfferPasswordResetDone(string Path, DateTimeOffset ExpiresAt, bool Mailed);

/// <summary>
/// An administrator hands a member a one-time link for a new password. Who can read such a link can become that person, so it is refused
/// where the person has a role the administrator has no say in.
/// </summary>
internal sealed class OfferPasswordReset(HubDbContext db, CurrentAccess access, AuditLog audit, Mailer mailer, IdSource ids, TimeProvider time)
{
    public async Task<Result<OfferPasswordResetDone>> HandleAsync(OfferPasswordResetRequest request, CancellationToken cancel)
    {
        User? user = await db.Users.Where(u => u.Id == request.UserId)
            .Where(u => db.Set<Membership>().Any(m => m.UserId == u.Id && m.OrganizationId == request.OrganizationId)).SingleOrDefaultAsync(cancel);
        if (user is null)
            return HubError.NotFound("This member");
        if (!access.Actor.IsInstanceAdministrator && (user.IsInstanceAdministrator || await HasRolesElsewhereAsync(user.Id, cancel)))
            return HubError.Forbidden($"{user.DisplayName} also has rights outside your organizations. Ask an instance administrator for the link.");

        string code = Secret.New();
        DateTimeOffset now = time.GetUtcNow();
        OneTimeLink link = new() { Id = ids.Next(), Purpose = LinkPurpose.PasswordReset, UserId = user.Id, Hash = Secret.Hash(code), CreatedAt = now, ExpiresAt = now.AddDays(2) };
        db.Add(link);
        audit.Record(request.OrganizationId, "password.link-created", user.DisplayName);
        await db.SaveChangesAsync(cancel);
        string path = "/password/" + code;
        bool mailed = await mailer.SendAsync(user.Email!, "Your new password for Perenne", "Choose a new password here. This link works once, for two days:", path, cancel);
        return new OfferPasswordResetDone(path, link.ExpiresAt, mailed);
    }

    private async Task<bool> HasRolesElsewhereAsync(Guid user, CancellationToken cancel)
    {
        List<Guid> administered = [.. access.Actor.Grants.Where(g => g is { Role: Role.Administrator, ProjectId: null }).Select(g => g.OrganizationId)];
        access.Grant(access.Actor, AccessScope.System); // Whether there is another role; not where.
        bool elsewhere = await db.Set<Membership>().AnyAsync(m => m.UserId == user && !administered.Contains(m.OrganizationId), cancel);
        access.Grant(access.Actor, AccessScope.Of(administered));
        return elsewhere;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/organizations/{organization}/people/{user}/password-reset", async (Guid user, OfferPasswordReset handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(new(http.OrganizationId(), user), cancel)).ToOk())
        .Requires(HubAction.MembersEdit).Produces<OfferPasswordResetDone>().WithTags("Members").WithName("OfferPasswordReset")
        .WithSummary("Make a one-time link with which a member sets a new password.");
}
