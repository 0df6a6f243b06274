using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record ResetPasswordRequest(string Code, string Password);

/// <summary>The receiving end of a password link: sets the password, lifts the lock and ends every other session.</summary>
internal sealed class ResetPassword(HubDbContext db, CurrentAccess access, UserManager<User> users, SignInManager<User> session, AttemptLimiter limiter, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(ResetPasswordRequest request, CancellationToken cancel)
    {
        if (limiter.Refuse() is { } tooMany)
            return tooMany;
        access.ActAsSystem(); // The code is the right.
        byte[] hash = Secret.Hash(request.Code ?? "");
        DateTimeOffset now = time.GetUtcNow();
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        int taken = await db.Set<OneTimeLink>()
            .Where(l => l.Hash == hash && l.Purpose == LinkPurpose.PasswordReset && l.UsedAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancel);
        if (taken == 0)
            return new HubError("link-dead", StatusCodes.Status410Gone, "This password link was used or has expired. Ask an administrator for a new one.");
        Guid? id = await db.Set<OneTimeLink>().Where(l => l.Hash == hash).Select(l => l.UserId).SingleAsync(cancel);
        User user = await users.FindByIdAsync(id.ToString()!) ?? throw new InvalidOperationException("A password link without a user.");
        foreach (IPasswordValidator<User> rule in users.PasswordValidators)
        {
            IdentityResult valid = await rule.ValidateAsync(users, user, request.Password ?? "");
            if (!valid.Succeeded)
                return valid.ToError(); // Rolled back: the link still works for a better password.
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, request.Password!);
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        await users.UpdateSecurityStampAsync(user);
        await transaction.CommitAsync(cancel);
        if (user.DisabledAt is null)
            await session.SignInAsync(user, isPersistent: false);
        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/password-reset", async (ResetPasswordRequest request, ResetPassword handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .OpenToAnyone("The one-time code is the right.").Produces(204).WithTags("Sign in").WithName("ResetPassword")
        .WithExample(new ResetPasswordRequest("the code of the link", "a whole new password"))
        .WithSummary("Set a new password with a one-time link from an administrator; signs in and ends all other sessions.");
}
