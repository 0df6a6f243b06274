using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Perenne.Contracts;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Imaging;
using Perenne.Station.Judge;
using Perenne.Station.Outputs;
using Perenne.Station.Spool;

namespace Perenne.Station.Screen;

/// <summary>The operator's page and what it asks for. It works without the hub and loads nothing from anywhere else.</summary>
internal static class ScreenEndpoints
{
    internal sealed record Lesson(Guid Observation);

    internal sealed record Press(Guid Observation, FeedbackKind Kind, double[]? Box);

    internal sealed record Board(long Ok, long NotOk, long CannotJudge, DateTimeOffset ShiftStart, bool Hub, bool HasHub, int Waiting, string? Trouble, IReadOnlyList<string> Cameras, VerdictMessage? Last);

    public static void MapScreen(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Asset("screen.html", "text/html; charset=utf-8"));
        routes.MapGet("/screen.js", () => Asset("screen.js", "text/javascript; charset=utf-8"));
        routes.MapGet("/screen.css", () => Asset("screen.css", "text/css; charset=utf-8"));
        routes.MapGet("/favicon.svg", () => Asset("favicon.svg", "image/svg+xml"));
        routes.MapGet("/screen/board", (string? camera, StationStatus status, ObservationSpool spool, StationOptions options) => TypedResults.Json(BoardOf(camera, status, spool, options), ContractJson.Options));
        routes.MapGet("/screen/recent", (string? camera, StationStatus status) => TypedResults.Json(status.Recently(camera).Select(VerdictMessage.Of), ContractJson.Options));
        routes.MapGet("/screen/events", EventsAsync);
        routes.MapGet("/screen/frames/{id:guid}", (Guid id, StationStatus status) => status.Find(id) is { } judged ? Results.Bytes(judged.Arrival.File, ContentType(judged.Arrival.File)) : Results.NotFound());
        routes.MapPost("/screen/shift", (StationStatus status) => status.NewShift());
        routes.MapPost("/screen/feedback", FeedbackOf);
        routes.MapPost("/screen/learn", LearnOf);
    }

    private static IResult LearnOf(Lesson lesson, StationStatus status, StationMemory memory, ILoggerFactory loggers)
    {
        if (status.Find(lesson.Observation) is not { Observation: var seen })
            return Results.Problem("This frame is no longer among the last ones.", statusCode: 404);
        if (!CameraMemory.IsLearnt(seen.Reason))
            return Results.Problem("Nothing that is learnt speaks against this frame.", statusCode: 400);
        memory.Camera(seen.Camera).LearnAnew();
        loggers.CreateLogger(typeof(ScreenEndpoints)).LogInformation("The operator says that the pictures of camera {Camera} are as they should be ({Reason}): they are learnt anew", seen.Camera, seen.Reason);
        return Results.NoContent();
    }

    private static IResult FeedbackOf(Press press, StationStatus status, FeedbackSpool feedback, SpoolWriter spool, Ids ids, TimeProvider time)
    {
        if (press.Box is { } box && (box.Length != 4 || box.Any(v => !double.IsFinite(v)) || box[2] <= 0 || box[3] <= 0))
            return Results.Problem("The box must be x, y, width and height in pixels.", statusCode: 400);
        Judged? judged = status.Find(press.Observation);
        if (judged is null)
            return Results.Problem("This frame is no longer among the last ones.", statusCode: 404);
        Observation o = judged.Observation;
        string sha = ContentHash.Of(judged.Arrival.File).Sha256;
        bool kept = spool.TryKeepImage(new SampledImage { Sha256 = sha, Reason = "feedback", Camera = o.Camera, CapturedAt = o.CapturedAt, ObservationId = o.Id, ProjectId = o.ProjectId, Part = o.Part, FileName = judged.Arrival.FileName }, judged.Arrival.File);
        try
        {
            feedback.Add(new OperatorFeedback
            {
                Id = ids.Next(), ObservationId = o.Id, ProjectId = o.ProjectId, DeploymentId = o.DeploymentId, ModelVersionId = o.ModelVersionId, Camera = o.Camera,
                Kind = press.Kind, At = time.GetUtcNow(), Box = press.Box, ImageSha256 = kept ? sha : null,
            });
            return Results.NoContent();
        }
        catch (IOException e)
        {
            status.Trouble(e.Message);
            return Results.Problem("The station's disk is full: the button was not recorded. Call maintenance.", statusCode: 507);
        }
    }

    private static async Task EventsAsync(HttpContext http, string? camera, StationStatus status, ObservationSpool spool, StationOptions options, TimeProvider time)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        ChannelReader<Judged> verdicts = status.Listen(2, http.RequestAborted);
        try
        {
            while (true)
            {
                await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(BoardOf(camera, status, spool, options), ContractJson.Options)}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                // A beat every few seconds shows the page that the station lives.
                using CancellationTokenSource beat = new(TimeSpan.FromSeconds(5), time);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, http.RequestAborted);
                try
                {
                    await verdicts.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
                {
                    continue;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The page was closed.
        }
    }

    private static Board BoardOf(string? camera, StationStatus status, ObservationSpool spool, StationOptions options) =>
        new(status.Ok, status.NotOk, status.CannotJudge, status.ShiftStart, status.HubReached, options.Hub is not null, spool.Waiting().Count, status.CurrentTrouble, [.. status.Cameras.Select(c => c.Name).Order(StringComparer.Ordinal)], status.Recently(camera) is [{ } last, ..] ? VerdictMessage.Of(last) : null);

    private static IResult Asset(string name, string type) =>
        Results.Stream(typeof(ScreenEndpoints).Assembly.GetManifestResourceStream("screen." + name) ?? throw new InvalidOperationException($"The page's file {name} is not part of the build."), type);

    private static string ContentType(byte[] file) => file switch
    {
        [0xFF, 0xD8, ..] => "image/jpeg",
        [0x89, 0x50, ..] => "image/png",
        [0x42, 0x4D, ..] => "image/bmp",
        [0x52, 0x49, 0x46, 0x46, ..] => "image/webp",
        _ => "application/octet-stream",
    };
}
