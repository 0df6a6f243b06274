using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations.Pages;

/// <summary>The forms of the user menu, which stands on every page and therefore posts to addresses of its own.</summary>
internal static class SessionEndpoints
{
    public static void MapSessionForms(this IEndpointRouteBuilder routes)
    {
        // Read by hand: a declared form parameter makes routing answer 415 before the rights are decided.
        routes.MapPost("/sign-out", async (HttpContext http, IAntiforgery antiforgery, SignInManager<User> session, CurrentAccess access, ReleaseTask leases) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http))
                return Results.BadRequest();
            // What the person held goes to others at once; their drafts stay theirs.
            Actor leaving = access.Actor;
            access.ActAsSystem();
            await leases.AllOfAsync(leaving.Id, http.RequestAborted);
            await session.SignOutAsync();
            return TypedResults.LocalRedirect("/sign-in");
        }).OpenToAnyone("Only ends the caller's own session.").ExcludeFromDescription();

        routes.MapPost("/profile/appearance", async (HttpContext http, IAntiforgery antiforgery, GetMe get, EditMe edit) =>
        {
            if (!await antiforgery.IsRequestValidAsync(http))
                return Results.BadRequest();
            Result<Me> me = await get.HandleAsync(http.RequestAborted);
            if (!me.Succeeded)
                return me.Error.ToProblem();
            IFormCollection form = http.Request.Form;
            string? theme = !form.ContainsKey("theme") ? me.Value.Theme : form["theme"] == "auto" ? null : form["theme"].ToString();
            string? language = form.ContainsKey("language") ? form["language"].ToString() : me.Value.Language;
            Result<Done> done = await edit.HandleAsync(new(me.Value.Name, language, theme, me.Value.TimeZone), http.RequestAborted);
            return done.Succeeded ? TypedResults.LocalRedirect(Local(form["returnUrl"].ToString())) : done.Error.ToProblem();
        }).Requires(HubAction.SelfManage).ExcludeFromDescription();
    }

    private static string Local(string url) => url is ['/', ..] and not ['/', '/' or '\\', ..] ? url : "/";
}
