using Microsoft.AspNetCore.Diagnostics;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Shared.Hosting;

/// <summary>People get a page that says what to do; programs get problem details. Both carry the trace id.</summary>
internal static class ErrorPages
{
    public static void UseHubErrors(this WebApplication app)
    {
        app.UseWhen(http => !IsProgram(http), pages =>
        {
            pages.UseExceptionHandler("/status/500", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
        });
        app.UseWhen(IsProgram, programs =>
        {
            programs.UseExceptionHandler();
            programs.UseStatusCodePages();
        });
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (BadHttpRequestException bad) when (IsProgram(http) && !http.Response.HasStarted)
            {
                await new HubError("bad-request", bad.StatusCode, bad.Message).ToProblem().ExecuteAsync(http);
            }
        });
    }

    private static bool IsProgram(HttpContext http) => http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/health");
}
