using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Perenne.Inference;
using Perenne.Serving.Oip;

namespace Perenne.Serving.Grpc;

/// <summary>The gRPC form of the Open Inference Protocol, version 2.</summary>
public sealed class OpenInferenceService(ServingCatalog catalog) : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) => Task.FromResult(new ServerReadyResponse { Ready = catalog.Ready() });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = "perenne", Version = catalog.Software, Extensions = { OipEndpoints.Extensions } });

    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        try
        {
            using ModelLease lease = await FindAsync(context, request.Name, request.Version);
            return new ModelReadyResponse { Ready = true };
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return new ModelReadyResponse { Ready = false };
        }
    }

    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        using ModelLease lease = await FindAsync(context, request.Name, request.Version);
        (TensorDeclaration input, IReadOnlyList<TensorDeclaration> outputs) = await Call(lease, s => (s.Input, s.Outputs), context);
        return new ModelMetadataResponse { Name = lease.Identity.Name, Versions = { lease.Identity.Version }, Platform = "onnxruntime_onnx", Inputs = { Of(input) }, Outputs = { outputs.Select(Of) } };
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        using ModelLease lease = await FindAsync(context, request.ModelName, request.ModelVersion);
        try
        {
            RawTensor input = Input(request);
            string[] wanted = [.. request.Outputs.Select(o => o.Name)];
            IReadOnlyList<RawTensor> outputs = await Call(lease, s => OipEndpoints.Run(s, input, wanted), context);
            ModelInferResponse response = new() { ModelName = lease.Identity.Name, ModelVersion = lease.Identity.Version, Id = request.Id };
            foreach (RawTensor output in outputs)
            {
                response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = "FP32", Shape = { output.Shape } });
                response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes<float>(output.Data).ToArray()));
            }
            return response;
        }
        catch (FrameException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
    }

    private static RawTensor Input(ModelInferRequest request)
    {
        if (request.Inputs is not [var input])
            throw new FrameException($"The request has {request.Inputs.Count} inputs; one is expected.");
        if (input.Datatype != "FP32")
            throw new FrameException($"The input '{input.Name}' is {input.Datatype}; FP32 is expected.");
        if (request.RawInputContents is [var raw])
            return raw.Length % 4 == 0
                ? new RawTensor(input.Name, [.. input.Shape], MemoryMarshal.Cast<byte, float>(raw.Span).ToArray())
                : throw new FrameException($"The raw contents of '{input.Name}' have {raw.Length} bytes, which is no whole number of FP32 values.");
        return new RawTensor(input.Name, [.. input.Shape], [.. input.Contents?.Fp32Contents ?? []]);
    }

    private async Task<ModelLease> FindAsync(ServerCallContext context, string name, string version)
    {
        HttpContext http = context.GetHttpContext();
        try
        {
            return await catalog.Find(http, name, version.Length == 0 ? null : version)
                ?? throw new RpcException(new Status(StatusCode.NotFound, $"The model '{name}' does not exist, is not deployed, or is not visible to you."));
        }
        catch (ModelPackageException e)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, e.Message));
        }
    }

    private static async Task<T> Call<T>(ModelLease lease, Func<ModelSession, T> call, ServerCallContext context) =>
        lease.Server.TryCall(call, FramePriority.Normal, out Task<T>? answer, context.CancellationToken)
            ? await answer
            : throw new RpcException(new Status(StatusCode.ResourceExhausted, "More requests wait for this model than its queue holds. Try again in a second."));

    private static ModelMetadataResponse.Types.TensorMetadata Of(TensorDeclaration t) => new() { Name = t.Name, Datatype = "FP32", Shape = { t.Shape } };
}
