using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Perenne.Contracts;
using Perenne.Inference;

namespace Perenne.Serving.Oip;

/// <summary>The REST form of the Open Inference Protocol, version 2, with the binary data and model repository extensions.</summary>
public static class OipEndpoints
{
    internal static readonly string[] Extensions = ["binary_tensor_data", "model_repository"];

    private const int MaxBytes = 256 << 20;

    public static void MapOpenInference(this IEndpointRouteBuilder routes, ServingCatalog catalog)
    {
        RouteGroupBuilder v2 = routes.MapGroup("/v2").WithTags("Serve");
        void Guard(RouteHandlerBuilder endpoint, string name, string summary, ServingAccess access) => catalog.Guard(endpoint.WithName(name).WithSummary(summary), access);

        Guard(v2.MapGet("/", () => new OipServer("perenne", catalog.Software, Extensions)), "OipServer", "Open Inference Protocol: name and extensions of the server.", ServingAccess.Open);
        Guard(v2.MapGet("/health/live", () => TypedResults.Ok()), "OipLive", "Open Inference Protocol: the process lives.", ServingAccess.Open);
        Guard(v2.MapGet("/health/ready", () => TypedResults.StatusCode(catalog.Ready() ? 200 : 503)), "OipReady", "Open Inference Protocol: models can be asked.", ServingAccess.Open);
        foreach ((string route, string suffix) in (ReadOnlySpan<(string, string)>)[("/models/{project}", ""), ("/models/{project}/versions/{version}", "Version")])
        {
            Guard(v2.MapGet(route, (HttpContext http, string project, string? version) => WithModel(catalog, http, project, version, MetadataAsync)), "OipModel" + suffix, "Open Inference Protocol: inputs and outputs of a model.", ServingAccess.Read);
            Guard(v2.MapGet(route + "/ready", (HttpContext http, string project, string? version) => WithModel(catalog, http, project, version, _ => Task.FromResult(Results.Ok()))), "OipModelReady" + suffix, "Open Inference Protocol: whether a model can be asked.", ServingAccess.Read);
            Guard(v2.MapPost(route + "/infer", (HttpContext http, string project, string? version) => WithModel(catalog, http, project, version, lease => InferAsync(http, lease)))
                .WithMetadata(new RequestSizeLimitAttribute(MaxBytes)), "OipInfer" + suffix, "Open Inference Protocol: run a model on a tensor, JSON or binary.", ServingAccess.Run);
        }
        Guard(v2.MapPost("/repository/index", (HttpContext http, CancellationToken _) => IndexAsync(catalog, http)), "OipIndex", "Open Inference Protocol: the models and their state.", ServingAccess.Read);
        Guard(v2.MapPost("/repository/models/{project}/load", (HttpContext http, string project) => ChangeAsync(catalog, http, project, true)), "OipLoad", "Open Inference Protocol: load a model into memory.", ServingAccess.Manage);
        Guard(v2.MapPost("/repository/models/{project}/unload", (HttpContext http, string project) => ChangeAsync(catalog, http, project, false)), "OipUnload", "Open Inference Protocol: free a model's memory; it is not asked again until loaded.", ServingAccess.Manage);
    }

    private static async Task<OipRepositoryEntry[]> IndexAsync(ServingCatalog catalog, HttpContext http) =>
        [.. (await catalog.List(http)).Select(e => new OipRepositoryEntry(e.Name, e.Version, e.State, e.Reason))];

    private static async Task<IResult> WithModel(ServingCatalog catalog, HttpContext http, string name, string? version, Func<ModelLease, Task<IResult>> use)
    {
        try
        {
            using ModelLease? lease = await catalog.Find(http, name, version);
            return lease is null ? Error(404, $"The model '{name}'{(version is null ? "" : $" version {version}")} does not exist, is not deployed, or is not visible to you.") : await use(lease);
        }
        catch (FrameException e)
        {
            return Error(400, e.Message);
        }
        catch (ModelPackageException e)
        {
            return Error(503, e.Message);
        }
    }

    private static async Task<IResult> MetadataAsync(ModelLease lease)
    {
        if (!lease.Server.TryCall(s => (s.Input, s.Outputs), FramePriority.Normal, out Task<(TensorDeclaration Input, IReadOnlyList<TensorDeclaration> Outputs)>? answer))
            return Error(503, "The model's queue is full. Try again in a second.");
        (TensorDeclaration input, IReadOnlyList<TensorDeclaration> outputs) = await answer;
        return TypedResults.Json(new OipModel(lease.Identity.Name, [lease.Identity.Version], "onnxruntime_onnx", [Of(input)], [.. outputs.Select(Of)]), ContractJson.Options);
    }

    private static async Task<IResult> InferAsync(HttpContext http, ModelLease lease)
    {
        OipCall call = await OipBody.ReadAsync(http.Request, http.RequestAborted);
        if (!lease.Server.TryCall(s => Run(s, call.Input, call.Outputs), FramePriority.Normal, out Task<IReadOnlyList<RawTensor>>? answer, http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "1";
            return Error(503, "More requests wait for this model than its queue holds. Try again in a second, or send fewer at once.");
        }
        await OipAnswer.WriteAsync(http, call, lease.Identity, await answer);
        return Results.Empty;
    }

    /// <exception cref="FrameException">The input is not the model's.</exception>
    internal static IReadOnlyList<RawTensor> Run(ModelSession session, RawTensor input, IReadOnlyCollection<string> outputs) => input.Name == session.Input.Name
        ? session.Run(input.Shape, input.Data, outputs)
        : throw new FrameException($"The model has no input '{input.Name}'; its input is '{session.Input.Name}'.");

    private static async Task<IResult> ChangeAsync(ServingCatalog catalog, HttpContext http, string name, bool load) =>
        await catalog.Change(http, name, load) is { } problem ? Error(400, problem) : Results.Ok();

    private static OipTensorMetadata Of(TensorDeclaration t) => new(t.Name, "FP32", t.Shape);

    private static JsonHttpResult<OipError> Error(int status, string sentence) => TypedResults.Json(new OipError(sentence), ContractJson.Options, statusCode: status);
}
