using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perenne.Contracts;
using Perenne.Serving;
using Perenne.Station.Outputs;

namespace Perenne.Station.Sources;

/// <summary>Frames by HTTP: <c>POST /frames/{camera}</c>, the picture as the body. The answer is the verdict; with it the observation is safe on disk.</summary>
internal static class FramesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/frames/{camera}", JudgeAsync);
        routes.MapPost("/cameras/{camera}/trigger", Trigger);
    }

    private static IResult Trigger(string camera, HttpContext http, StationOptions options, Triggers triggers, PartIds parts)
    {
        if (options.Cameras.FirstOrDefault(c => c.Name == camera) is not { Trigger: true })
            return Results.Problem($"No camera '{camera}' waits for triggers. Set Trigger for it in the station's settings.", statusCode: 404);
        if (Header(http, "X-Part-Id") is { } part)
            parts.Set(camera, part);
        triggers.Set(camera);
        return Results.NoContent();
    }

    private static async Task<IResult> JudgeAsync(string camera, HttpContext http, SourcesService sources, StationStatus status)
    {
        string? at = http.Request.Headers["X-Captured-At"];
        if (camera.Length > 100)
            return Results.Problem("The camera's name is longer than 100 characters.", statusCode: 400);
        if (at is not null && !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            return Results.Problem($"X-Captured-At is '{at}'; write the time as 2026-03-01T12:00:00Z.", statusCode: 400);
        (byte[] image, byte[]? reference) = await ReadAsync(http.Request, http.RequestAborted);
        if (image.Length == 0)
            return Results.Problem("The body is empty. Send an image file as the body, or a form with the files 'image' and 'reference'.", statusCode: 400);
        try
        {
            var judged = await sources.For(camera).JudgeAsync(image, Header(http, "X-File-Name"), Header(http, "X-Part-Id"), at is null ? null : DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), reference, http.RequestAborted);
            return TypedResults.Json(VerdictMessage.Of(judged), ContractJson.Options);
        }
        catch (IOException e)
        {
            status.Trouble(e.Message);
            http.Response.Headers.RetryAfter = "5";
            return Results.Problem("The station's disk is full, so the frame was not judged. Free space or connect the hub, then send it again.", statusCode: 507);
        }
    }

    private static string? Header(HttpContext http, string name) => http.Request.Headers[name].ToString() is { Length: > 0 and <= 200 } value ? Uri.UnescapeDataString(value) : null;

    private static async Task<(byte[] Image, byte[]? Reference)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!FrameReader.IsForm(request))
            return (await BytesAsync(request.Body, cancel), null);
        IFormCollection form = await request.ReadFormAsync(cancel);
        return (form.Files["image"] is { } image ? await FileAsync(image, cancel) : [], form.Files["reference"] is { } reference ? await FileAsync(reference, cancel) : null);
    }

    private static async Task<byte[]> FileAsync(IFormFile file, CancellationToken cancel)
    {
        await using Stream stream = file.OpenReadStream();
        return await BytesAsync(stream, cancel);
    }

    private static async Task<byte[]> BytesAsync(Stream stream, CancellationToken cancel)
    {
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy, cancel);
        return copy.ToArray();
    }
}
