using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations.Pages;

/// <summary>The forms of the user menu, which stands on every page and therefore posts to addresses of its own.</summary>
internal static class SessionEndpoints
{
    public static void MapSessionForms(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", async ([FromForm] string? returnUrl, SignInManager<User> session) =>
        {
            _ = returnUrl; // A form parameter is what makes the framework check the antiforgery token.
            await session.SignOutAsync();
            return TypedResults.LocalRedirect("/sign-in");
        }).OpenToAnyone("Only ends the caller's own session.").ExcludeFromDescription();

        routes.MapPost("/profile/appearance", async Task<IResult> (
            [FromForm] string? theme, [FromForm] string? language, [FromForm] string? returnUrl, GetMe get, EditMe edit, CancellationToken cancel) =>
        {
            Result<Me> me = await get.HandleAsync(cancel);
            if (!me.Succeeded)
                return me.Error.ToProblem();
            string? newTheme = theme is null ? me.Value.Theme : theme == "auto" ? null : theme;
            Result<Done> done = await edit.HandleAsync(new(me.Value.Name, language ?? me.Value.Language, newTheme, me.Value.TimeZone), cancel);
            bool local = returnUrl is ['/', ..] && !returnUrl.StartsWith("//", StringComparison.Ordinal) && !returnUrl.StartsWith("/\\", StringComparison.Ordinal);
            return done.Succeeded ? TypedResults.LocalRedirect(local ? returnUrl! : "/") : done.Error.ToProblem();
        }).Requires(HubAction.SelfManage).ExcludeFromDescription();
    }
}
