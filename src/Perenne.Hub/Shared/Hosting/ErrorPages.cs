using System.Text.Json;
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
                // A parameter that cannot be read ends so, without a word and without an exception.
                if (http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false, ContentType: null } && IsProgram(http))
                    await new HubError("bad-request", StatusCodes.Status400BadRequest, $"A value in the address is not what is expected there: {Uri.UnescapeDataString(http.Request.Path + http.Request.QueryString)}. The description at /openapi/v1.json shows what is.").ToProblem().ExecuteAsync(http);
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
            catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
            {
                if (!IsProgram(http))
                    http.Response.StatusCode = bad.StatusCode;
                else
                    await new HubError("bad-request", bad.StatusCode, Sentence(bad)).ToProblem().ExecuteAsync(http);
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

    /// <summary>Where a body does not fit, without the names of our types; the framework's words for anything else.</summary>
    private static string Sentence(BadHttpRequestException bad) => bad.InnerException is not JsonException json ? bad.Message
        : json.Path is { Length: > 1 } path ? $"The body is not what is expected here at {path}. The description at /openapi/v1.json shows it."
        : "The body is not the JSON that is expected here. The description at /openapi/v1.json shows it.";

    private static bool IsProgram(HttpContext http) => http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/station") || http.Request.Path.StartsWithSegments("/health");
}
