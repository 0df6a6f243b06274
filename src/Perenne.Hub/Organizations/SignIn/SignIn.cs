using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record SignInRequest(string Email, string Password, bool Remember = false);

internal sealed class SignIn(UserManager<User> users, SignInManager<User> session, HubDbContext db, AttemptLimiter limiter, TimeProvider time)
{
    // One sentence for every reason: the answer does not tell who has an account.
    private static readonly HubError Refused = new(
        "wrong-password", StatusCodes.Status401Unauthorized,
        "E-mail address or password is wrong, or the account is locked for ten minutes after too many attempts. An administrator can hand out a new password.");

    public async Task<Result<Done>> HandleAsync(SignInRequest request, CancellationToken cancel)
    {
        if (limiter.Refuse() is { } tooMany)
            return tooMany;
        User? user = await users.FindByEmailAsync(request.Email ?? "");
        if (user is null || user.DisabledAt is not null)
        {
            users.PasswordHasher.HashPassword(new(), request.Password ?? ""); // As slow as a real check.
            return Refused;
        }

        SignInResult result = await session.PasswordSignInAsync(user, request.Password ?? "", request.Remember, lockoutOnFailure: true);
        if (!result.Succeeded)
            return Refused;
        DateTimeOffset now = time.GetUtcNow();
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSeenAt, now), cancel);
        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", async (SignInRequest request, SignIn handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
            .OpenToAnyone("Signing in is how one becomes somebody.").Produces(204).WithTags("Sign in").WithName("SignIn")
            .WithExample(new SignInRequest("anna@lyon.example", "correct horse battery", Remember: true))
            .WithSummary("Sign in with e-mail and password; the answer sets a cookie. Programs use API tokens instead.");
        routes.MapPost("/sign-out", async (SignInManager<User> session) =>
            {
                await session.SignOutAsync();
                return TypedResults.NoContent();
            })
            .OpenToAnyone("Only ends the caller's own session.").WithTags("Sign in").WithName("SignOut").WithSummary("End the session of this browser.");
    }
}
