using Microsoft.AspNetCore.Identity;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record ChangePasswordRequest(string Current, string Password);

/// <summary>One's own new password; every other session ends.</summary>
internal sealed class ChangePassword(UserManager<User> users, SignInManager<User> session, CurrentAccess access, AttemptLimiter limiter)
{
    public async Task<Result<Done>> HandleAsync(ChangePasswordRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (limiter.Refuse() is { } tooMany)
            return tooMany;
        User user = (await users.FindByIdAsync(access.Actor.Id.ToString()))!;
        if (!await users.CheckPasswordAsync(user, request.Current ?? ""))
            return HubError.Invalid("current", "This is not your current password.");
        IdentityResult changed = await users.ChangePasswordAsync(user, request.Current ?? "", request.Password ?? "");
        if (!changed.Succeeded)
            return changed.ToError();
        if (access.Actor.TokenActions is null)
            await session.RefreshSignInAsync(user);
        return default(Done);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/me/password", async (ChangePasswordRequest request, ChangePassword handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .Requires(HubAction.SelfManage).Produces(204).WithTags("Me").WithName("ChangePassword")
        .WithExample(new ChangePasswordRequest("correct horse battery", "a whole new password"))
        .WithSummary("Change your password; every other session ends.");
}
