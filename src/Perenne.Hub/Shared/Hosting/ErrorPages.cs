using Microsoft.AspNetCore.Diagnostics;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Shared.Hosting;

/// <summary>People get a page that says what to do; programs get problem details. Both carry the trace id.</summary>
internal static class ErrorPages
{
    private const string FullSentence = "The disk of the hub's database is full, so nothing was written. Free some space or enlarge the disk, then send it again; what was stored before is safe.";

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
            catch (Exception full) when (DbErrors.IsDiskFull(full) && !http.Response.HasStarted)
            {
                // Expected, and nobody's bug: reading goes on, and what was refused may be sent again once there is room.
                app.Logger.LogError("The database's disk is full: {Method} {Path} was refused and rolled back.", http.Request.Method, http.Request.Path);
                http.Response.Clear();
                if (IsProgram(http))
                    await new HubError("storage-full", StatusCodes.Status507InsufficientStorage, FullSentence).ToProblem().ExecuteAsync(http);
                else
                    http.Response.StatusCode = StatusCodes.Status507InsufficientStorage; // The status-code page draws it.
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
