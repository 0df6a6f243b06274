using Microsoft.AspNetCore.Identity;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Shared.Rights;

/// <summary>
/// A page of another site must not act with somebody's session. The cookie is SameSite=Lax already; this refuses what a browser says comes
/// from elsewhere (a sibling subdomain is "same-site" to the cookie). Tokens are not sent by browsers on their own and need no guard;
/// forms of our pages carry an antiforgery token besides.
/// </summary>
internal sealed class CrossSiteGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        bool changes = !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method));
        bool bySession = http.User.Identities.Any(i => i.AuthenticationType == IdentityConstants.ApplicationScheme);
        return changes && bySession && IsForeign(http.Request)
            ? new HubError("cross-site", StatusCodes.Status403Forbidden, "This request came from another site and was not carried out.").ToProblem().ExecuteAsync(http)
            : next(http);
    }

    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
