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
            pages.Use(ReadTheErrorPageAsync);
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

    // A refused form is answered by reading the error page, not by posting to it: as a POST it would be refused for its missing form
    // token once more, while nobody is left to draw that refusal.
    private static async Task ReadTheErrorPageAsync(HttpContext http, RequestDelegate next)
    {
        string method = http.Request.Method;
        if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
            http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Method = method;
        }
    }

    private static bool IsProgram(HttpContext http) => http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/health");
}
