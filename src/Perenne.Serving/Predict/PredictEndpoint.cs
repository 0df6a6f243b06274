using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Perenne.Contracts;
using Perenne.Contracts.Serving;
using Perenne.Inference;

namespace Perenne.Serving;

/// <summary>Image in, verdict out.</summary>
public static class PredictEndpoint
{
    /// <param name="pattern">A route with <c>{project}</c>.</param>
    public static RouteHandlerBuilder MapPredict(this IEndpointRouteBuilder routes, string pattern, ServingCatalog catalog)
    {
        RouteHandlerBuilder endpoint = routes.MapPost(pattern, (HttpContext http, string project, string? version) => PredictAsync(catalog, http, project, version))
            .WithMetadata(new RequestSizeLimitAttribute(FrameReader.MaxBytes)).DisableAntiforgery().WithName("Predict").WithTags("Serve").Produces<PredictAnswer>()
            .WithSummary("Judge an image (raw body, or a form with 'image' and 'reference'): boxes, scores, verdict and the version of the model.");
        catalog.Guard(endpoint, ServingAccess.Run);
        return endpoint;
    }

    private static async Task<IResult> PredictAsync(ServingCatalog catalog, HttpContext http, string project, string? version)
    {
        (RequestFrame? read, string? problem) = await FrameReader.ReadAsync(http.Request, http.RequestAborted);
        using RequestFrame? frame = read;
        if (frame is null)
            return Problem(StatusCodes.Status400BadRequest, "image-refused", problem!);
        try
        {
            using ModelLease? lease = await catalog.Find(http, project, version);
            if (lease is null)
                return Problem(StatusCodes.Status404NotFound, "no-model", version is null ? $"No model is deployed for '{project}'. Deploy a version, or name one with ?version=." : $"'{project}' has no model version {version}.");
            if (!lease.Server.TryJudge(new Frame(frame.Image, frame.Reference), FramePriority.Normal, out Task<Judgement>? answer, http.RequestAborted))
                return Busy(http);
            return TypedResults.Json(PredictAnswers.Of(lease.Identity, await answer, frame.Image), ContractJson.Options);
        }
        catch (FrameException e)
        {
            return Problem(StatusCodes.Status400BadRequest, "frame-refused", e.Message);
        }
        catch (ModelPackageException e)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "model-unusable", e.Message);
        }
    }

    private static ProblemHttpResult Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return Problem(StatusCodes.Status503ServiceUnavailable, "busy", "More images wait for this model than its queue holds. Try again in a second, or send fewer at once.");
    }

    private static ProblemHttpResult Problem(int status, string code, string sentence) =>
        TypedResults.Problem(sentence, statusCode: status, type: "urn:perenne:error:" + code, extensions: [new("code", code)]);
}
