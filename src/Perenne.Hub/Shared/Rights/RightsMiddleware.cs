using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Shared.Rights;

/// <summary>Decides every request once: who acts, on what the route points, and which organizations its queries may see.</summary>
internal sealed class RightsMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, CurrentAccess access, ActorLoader actors, TargetLoader targets)
    {
        Endpoint? endpoint = http.GetEndpoint();
        // What is not a RouteEndpoint is the router's own refusal (405, 415); every mapped one was checked at start.
        if (endpoint is not RouteEndpoint || endpoint.Metadata.GetMetadata<OpenToAnyoneAttribute>() is not null)
        {
            // Nobody's business: the scope stays empty. Sign-in handlers ask for the system scope themselves.
            access.Grant(await actors.LoadAsync(http), AccessScope.Nothing);
            await next(http);
            return;
        }

        HubAction action = endpoint.Metadata.GetMetadata<RequiresAttribute>()?.Action
            ?? throw new InvalidOperationException($"{endpoint.DisplayName} declares no action. Add Requires(HubAction.…) or OpenToAnyone(why).");
        Actor actor = await actors.LoadAsync(http);
        AccessTarget? target = actor.Kind == ActorKind.Nobody ? new(null, null, []) : await targets.LoadAsync(http);
        (Verdict verdict, AccessScope scope) = target is null ? (Verdict.Hidden, AccessScope.Nothing) : AccessDecision.Decide(actor, action, target);
        access.Grant(actor, scope, target?.ProjectId);
        if (verdict == Verdict.Allowed)
            await next(http);
        else
            await RefuseAsync(http, verdict, action, actor);
    }

    private static Task RefuseAsync(HttpContext http, Verdict verdict, HubAction action, Actor actor)
    {
        bool isProgram = http.Request.Path.StartsWithSegments("/api") || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
        if (!isProgram && verdict == Verdict.SignIn)
        {
            http.Response.Redirect("/sign-in?returnUrl=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString));
            return Task.CompletedTask;
        }

        HubError error = verdict switch
        {
            Verdict.SignIn => new("sign-in", StatusCodes.Status401Unauthorized, "Sign in, or send an API token in the header 'Authorization: Bearer …'."),
            Verdict.Hidden => new("not-found", StatusCodes.Status404NotFound, "This does not exist or is not visible to you."),
            _ when actor is { Kind: ActorKind.Person, TokenActions: { } scoped } && !scoped.Contains(action) => new("forbidden", StatusCodes.Status403Forbidden,
                $"The scopes of this API token do not reach this ({action}). Make one with the scope {TokenScopes.Least(action)}."),
            _ => new("forbidden", StatusCodes.Status403Forbidden, $"Your role does not allow this ({action}). Ask an administrator of the organization."),
        };
        if (isProgram)
            return error.ToProblem().ExecuteAsync(http);
        http.Response.StatusCode = error.Status; // The status-code page draws it.
        return Task.CompletedTask;
    }
}
