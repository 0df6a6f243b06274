using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Perenne.Station;

/// <summary>
/// Programs show the station's token where one is set. The screen is open to whoever reaches the port (gloves and passwords do not go together),
/// but only to its own page: another site's script in the operator's browser is refused.
/// </summary>
internal sealed class StationGuard(RequestDelegate next, StationOptions options)
{
    public Task InvokeAsync(HttpContext http)
    {
        bool screen = http.Request.Path == "/" || http.Request.Path.StartsWithSegments("/screen") || http.Request.Path.Value is "/screen.js" or "/screen.css" or "/favicon.svg" or "/health";
        bool foreign = http.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && !HttpMethods.IsGet(http.Request.Method);
        bool missing = !screen && options.Token is { Length: > 0 } token && !Same(http.Request.Headers.Authorization.ToString(), "Bearer " + token);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'self'";
        if (!foreign && !missing)
            return next(http);
        http.Response.StatusCode = foreign ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        return http.Response.WriteAsync(foreign ? "This request comes from another site." : "Send the station's token in the header 'Authorization: Bearer …'.");
    }

    private static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
