using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Name">For a new account; not used where the address has one.</param>
/// <param name="Password">The new account's, or the existing one's; not needed while signed in as that person.</param>
internal sealed record AcceptInvitationRequest(string Code, string? Name = null, string? Password = null);

internal sealed record AcceptInvitationDone(string OrganizationSlug, Guid UserId);

/// <summary>What the page shows before the form.</summary>
internal sealed record InvitationSummary(string Organization, Role Role, string Email, bool HasAccount);

internal sealed class AcceptInvitation(
    HubDbContext db, CurrentAccess access, UserManager<User> users, SignInManager<User> session, Memberships memberships,
    AttemptLimiter limiter, IdSource ids, TimeProvider time)
{
    private static readonly HubError Dead = new("link-dead", StatusCodes.Status410Gone, "This invitation was used, taken back or has expired. Ask the organization's administrator for a new one.");

    public async Task<Result<InvitationSummary>> LookAsync(string code, CancellationToken cancel)
    {
        access.Grant(access.Actor, AccessScope.System); // The code is the right.
        byte[] hash = Secret.Hash(code);
        Invitation? invitation = await Open(hash).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (invitation is null)
            return Dead;
        string organization = await db.Set<Organization>().Where(o => o.Id == invitation.OrganizationId).Select(o => o.Name).SingleAsync(cancel);
        return new InvitationSummary(organization, invitation.Role, invitation.Email, await users.FindByEmailAsync(invitation.Email) is not null);
    }

    public async Task<Result<AcceptInvitationDone>> HandleAsync(AcceptInvitationRequest request, CancellationToken cancel)
    {
        if (limiter.Refuse() is { } tooMany)
            return tooMany;
        Guid signedIn = access.Actor.Id;
        access.Grant(access.Actor, AccessScope.System);
        byte[] hash = Secret.Hash(request.Code ?? "");
        DateTimeOffset now = time.GetUtcNow();
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        // The update is the claim: of two simultaneous uses one sees no row.
        if (await Open(hash).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancel) == 0)
            return Dead;
        Invitation invitation = await db.Set<Invitation>().AsNoTracking().SingleAsync(i => i.Hash == hash, cancel);
        User? user = await users.FindByEmailAsync(invitation.Email);
        if (user is null)
        {
            user = Passwords.NewUser(ids.Next(), invitation.Email, request.Name ?? "", now);
            if (new Check().Text(request.Name, "name", "Your name", 200).Error is { } invalid)
                return invalid;
            IdentityResult created = await users.CreateAsync(user, request.Password ?? "");
            if (!created.Succeeded)
                return created.ToError();
        }
        else if (user.Id != signedIn && !(await session.CheckPasswordSignInAsync(user, request.Password ?? "", lockoutOnFailure: false)).Succeeded)
        {
            return HubError.Invalid("password", $"{invitation.Email} has an account already. Give its password, or sign in first.");
        }

        if (user.DisabledAt is not null)
            return HubError.Forbidden("This account is disabled. Ask an administrator of the hub.");
        await memberships.AddAsync(user, invitation.OrganizationId, invitation.ProjectId, invitation.Role, user, cancel);
        string slug = await db.Set<Organization>().Where(o => o.Id == invitation.OrganizationId).Select(o => o.Slug).SingleAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (user.Id != signedIn)
            await session.SignInAsync(user, isPersistent: false);
        return new AcceptInvitationDone(slug, user.Id);
    }

    private IQueryable<Invitation> Open(byte[] hash)
    {
        DateTimeOffset now = time.GetUtcNow();
        return db.Set<Invitation>().Where(i => i.Hash == hash && i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/invitations/accept", async (AcceptInvitationRequest request, AcceptInvitation handler, CancellationToken cancel) =>
            (await handler.HandleAsync(request, cancel)).ToOk())
        .OpenToAnyone("The one-time code is the right.").Produces<AcceptInvitationDone>().WithTags("Sign in").WithName("AcceptInvitation")
        .WithExample(new AcceptInvitationRequest("the code of the link", "Anna", "correct horse battery"))
        .WithSummary("Become a member with an invitation link; creates the account where there is none.");
}
