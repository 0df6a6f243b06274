using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Perenne.Contracts;
using Perenne.Inference;

namespace Perenne.Serving.Oip;

/// <summary>Writes an inference answer; outputs asked for as binary follow the JSON part in little endian.</summary>
internal static class OipAnswer
{
    public static async Task WriteAsync(HttpContext http, OipCall call, ModelIdentity model, IReadOnlyList<RawTensor> outputs)
    {
        bool Binary(string name) => call.BinaryOutputs.Contains("*") || call.BinaryOutputs.Contains(name);
        OipResponse response = new()
        {
            ModelName = model.Name,
            ModelVersion = model.Version,
            Id = call.Request.Id,
            Outputs = [.. outputs.Select(o => Binary(o.Name)
                ? new OipOutput { Name = o.Name, Shape = o.Shape, Parameters = new() { ["binary_data_size"] = 4L * o.Data.Length } }
                : new OipOutput { Name = o.Name, Shape = o.Shape, Data = Finite(o) })],
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(response, ContractJson.Options);
        RawTensor[] tail = [.. outputs.Where(o => Binary(o.Name))];
        http.Response.ContentType = tail.Length > 0 ? "application/octet-stream" : "application/json";
        http.Response.ContentLength = json.Length + tail.Sum(t => 4L * t.Data.Length);
        if (tail.Length > 0)
            http.Response.Headers[OipBody.HeaderLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
        foreach (RawTensor tensor in tail)
            await http.Response.Body.WriteAsync(MemoryMarshal.AsBytes<float>(tensor.Data).ToArray(), http.RequestAborted);
    }

    private static float[] Finite(RawTensor output) => Array.TrueForAll(output.Data, float.IsFinite)
        ? output.Data
        : throw new FrameException($"The output '{output.Name}' holds numbers that JSON cannot say (NaN or infinite). Ask for it as binary data.");
}
